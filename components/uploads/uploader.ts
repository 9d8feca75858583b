import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, allowKey, policyDocument } from "../shared/permissions";
import { SENSITIVE, VERDICT } from "./access";

/** Everything that the web app writes lies under it, one folder a user. */
const UPLOAD_PREFIX = "uploads/";

export interface UploaderTargets {
  normalBucketArn: pulumi.Input<string>;
  sensitiveBucketArn: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  parameterArn: pulumi.Input<string>;
}

/**
 * What the web app may do under its prefix: put files, name the ones that are there, delete by a marker; in the normal bucket it may
 * also open them and mark them as sensitive. What is sensitive it can neither read nor tag.
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
        // A file that the server passes on in parts is taken back when its sender goes away.
        allow(
          ["s3:PutObject", "s3:AbortMultipartUpload"],
          [uploads(normalBucketArn), uploads(sensitiveBucketArn)],
        ),
        // Without a version: a marker hides the file, and destroys nothing.
        allow(["s3:DeleteObject"], [uploads(normalBucketArn), uploads(sensitiveBucketArn)]),
        allow(["s3:GetObject", "s3:GetObjectTagging"], uploads(normalBucketArn)),
        allow(["s3:PutObjectTagging"], uploads(normalBucketArn), {
          StringEquals: { [`s3:RequestObjectTag/${SENSITIVE}`]: "yes" },
          "ForAllValues:StringEquals": { "s3:RequestObjectTagKeys": [SENSITIVE, VERDICT] },
        }),
        allow(["s3:ListBucket"], [normalBucketArn, sensitiveBucketArn], {
          StringLike: { "s3:prefix": `${UPLOAD_PREFIX}*` },
        }),
        // What is declared sensitive is encrypted from its first byte on; in parts S3 also has to decrypt.
        allowKey(["kms:GenerateDataKey", "kms:Decrypt"], kmsKeyArn, ["s3"]),
        allow(["ssm:GetParameters"], parameterArn),
      ]),
    },
    opts,
  );
}
