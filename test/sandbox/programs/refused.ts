import * as aws from "@pulumi/aws";

new aws.s3.BucketVersioning("orphan", {
  bucket: "there-is-no-such-bucket",
  versioningConfiguration: { status: "Enabled" },
});
