import { Endpoints, ownKey } from "./endpoints";

/** Services that nearly every program calls, by AWS's names in signatures. */
const ON_MINISTACK = [
  ...["iam", "s3", "kms", "logs", "dynamodb", "lambda", "apigateway", "cognito-idp", "events", "monitoring"],
  ...["sns", "sqs", "ssm", "secretsmanager", "states", "cloudformation", "sts"],
];
const ON_MOTO = [
  "ssm",
  "autoscaling",
  "elasticloadbalancing",
  "elasticfilesystem",
  "codebuild",
  "codedeploy",
];
/** moto fills a region's EC2 only at the first call. */
const ASK_EC2 = "Action=DescribeVpcs&Version=2016-11-15";

/**
 * Calls each service once: an emulator loads a service at its first call, three seconds for all of them, and has nothing else to do
 * while the program is being read. The answers do not matter.
 */
export async function warmUp(endpoints: Endpoints): Promise<void> {
  const { ministack, moto, region, credentials } = endpoints;
  const touch = (endpoint: string, service: string, body = "") => {
    const scope = `Credential=${credentials.accessKeyId}/20260101/${region}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=none`;
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const headers = { ...ownKey(endpoints), ...type, authorization };
    return fetch(endpoint, { method: "POST", headers, body }).then(
      (answer) => answer.arrayBuffer(),
      () => {}, // it is stopping
    );
  };
  const inTurn = async (endpoint: string, services: string[]) => {
    for (const service of services) await touch(endpoint, service);
  };
  await Promise.all([
    inTurn(ministack, ON_MINISTACK),
    touch(moto, "ec2", ASK_EC2).then(() => inTurn(moto, ON_MOTO)),
  ]);
}
