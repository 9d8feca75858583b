import * as pulumi from "@pulumi/pulumi";
import { here } from "../shared/here";
import { PrivateBucket, takesAccessLogs } from "../shared/private-bucket";

/** The bucket in which CloudFront, the load balancers and S3 log visits to the projects. */
export function visitLogs(
  name: string,
  logRetentionDays: number,
  parent: { parent: pulumi.Resource },
): PrivateBucket {
  const { accountId } = here(parent);
  return new PrivateBucket(
    `${name}-visits`,
    {
      keepData: false,
      expireDays: logRetentionDays,
      // CloudFront still needs an ACL to write its logs.
      acceptsAcls: true,
      policy: (bucketArn) => [
        {
          Sid: "BalancersWrite",
          Effect: "Allow",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
          Action: "s3:PutObject",
          Resource: pulumi.interpolate`${bucketArn}/alb/*/AWSLogs/${accountId}/*`,
        },
        takesAccessLogs(bucketArn, parent, "s3/"),
      ],
    },
    parent,
  );
}
