import { Endpoints, ownKey } from "./endpoints";

/** What nearly every program asks for, as AWS names the services in its signatures. */
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
/** moto fills a region's EC2 only when something is asked of it. */
const ASK_EC2 = "Action=DescribeVpcs&Version=2016-11-15";

/**
 * Asks for each service once: an emulator loads one when it is first asked for it, three seconds for all of them, and has nothing else
 * to do while the program is being read. What is answered does not matter.
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
