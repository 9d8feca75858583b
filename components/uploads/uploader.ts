import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, allowKey, policyDocument } from "../shared/permissions";
import { SENSITIVE, VERDICT } from "./access";

/** Everything that the web app writes is below it, in one folder per user. */
const UPLOAD_PREFIX = "uploads/";

export interface UploaderTargets {
  normalBucketArn: pulumi.Input<string>;
  sensitiveBucketArn: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  parameterArn: pulumi.Input<string>;
}

/**
 * What the web app may do under its prefix: put files, list them, and delete them with a marker. In the normal bucket it may also
 * open files and mark them as sensitive. Sensitive files it can neither read nor tag.
 */
export function attachUploader(
  name: string,
  role: pulumi.Input<string>,
  { normalBucketArn, sensitiveBucketArn, kmsKeyArn, parameterArn }: UploaderTargets,
  opts: pulumi.CustomResourceOptions,
): void {
  const uploads = (bucketArn: pulumi.Input<string>) => pulumi.interpolate`${bucketArn}/${UPLOAD_PREFIX}*`;
  new aws.iam.RolePolicy(
    name,
    {
      role,
      policy: policyDocument([
        // The server aborts a multipart upload when the sender disconnects.
        allow(
          ["s3:PutObject", "s3:AbortMultipartUpload"],
          [uploads(normalBucketArn), uploads(sensitiveBucketArn)],
        ),
        // Without a version: a marker hides the file and destroys nothing.
        allow(["s3:DeleteObject"], [uploads(normalBucketArn), uploads(sensitiveBucketArn)]),
        allow(["s3:GetObject", "s3:GetObjectTagging"], uploads(normalBucketArn)),
        allow(["s3:PutObjectTagging"], uploads(normalBucketArn), {
          StringEquals: { [`s3:RequestObjectTag/${SENSITIVE}`]: "yes" },
          "ForAllValues:StringEquals": { "s3:RequestObjectTagKeys": [SENSITIVE, VERDICT] },
        }),
        allow(["s3:ListBucket"], [normalBucketArn, sensitiveBucketArn], {
          StringLike: { "s3:prefix": `${UPLOAD_PREFIX}*` },
        }),
        // A file declared as sensitive is encrypted from its first byte. For a multipart upload, S3 must also decrypt.
        allowKey(["kms:GenerateDataKey", "kms:Decrypt"], kmsKeyArn, ["s3"]),
        allow(["ssm:GetParameters"], parameterArn),
      ]),
    },
    opts,
  );
}
