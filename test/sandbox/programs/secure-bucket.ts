import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A bucket that refuses plain HTTP, and a function that may only write to it. */
const bucket = new aws.s3.Bucket("scratch");
const refusal = new aws.s3.BucketPolicy("scratch", {
  bucket: bucket.id,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  },
});
const role = new aws.iam.Role("scratch", {
  assumeRolePolicy: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  },
});
new aws.iam.RolePolicy("scratch", {
  role: role.id,
  policy: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${bucket.arn}/*` }],
  },
});
const code = `
exports.handler = async () => {
  const { S3 } = await import("@aws-sdk/client-s3");
  const { EC2 } = await import("@aws-sdk/client-ec2");
  const s3 = new S3({});
  const named = (error) => error.name;
  const Bucket = process.env.BUCKET;
  const put = await s3.putObject({ Bucket, Key: "a", Body: "b" }).then(() => "done", named);
  const list = await s3.listObjectsV2({ Bucket }).then(() => "done", named);
  const vpcs = await new EC2({}).describeVpcs({}).then(({ Vpcs }) => Vpcs.some((vpc) => vpc.CidrBlock === "10.77.0.0/16"));
  console.log("ran");
  return { put, list, vpcs };
};`;
const vpc = new aws.ec2.Vpc("scratch", { cidrBlock: "10.77.0.0/16" });
const fn = new aws.lambda.Function(
  "scratch",
  {
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(code) }),
    handler: "index.handler",
    runtime: "nodejs22.x",
    timeout: 20,
    role: role.arn,
    environment: { variables: { BUCKET: bucket.id } },
  },
  { dependsOn: [refusal, vpc] },
);
export const functionName = fn.name;
export const bucketName = bucket.id;
