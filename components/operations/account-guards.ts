import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Monitoring } from "../shared/monitoring";

/**
 * Protections that AWS can turn on for a whole account: no public buckets, encrypted disks, instance metadata only with a token, long passwords, and
 * an analyzer that finds what is open to other accounts. Costs nothing.
 * They apply to the whole account, so of several stacks in an account, only one may have this component. When it goes, all but the analyzer stay:
 * only a person should turn off what protects everyone.
 */
export class AccountGuards extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("groundwork:index:AccountGuards", name, {}, opts);
    const parent = { parent: this, dependsOn: opts?.dependsOn };
    const stays = { ...parent, retainOnDelete: true };
    new aws.s3.AccountPublicAccessBlock(
      name,
      { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      stays,
    );
    new aws.ebs.EncryptionByDefault(name, { enabled: true }, stays);
    new aws.ebs.SnapshotBlockPublicAccess(name, { state: "block-all-sharing" }, stays);
    new aws.ec2.InstanceMetadataDefaults(name, { httpTokens: "required", httpPutResponseHopLimit: 1 }, stays);
    new aws.iam.AccountPasswordPolicy(
      name,
      {
        minimumPasswordLength: 14,
        requireLowercaseCharacters: true,
        requireUppercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
        passwordReusePrevention: 24,
        maxPasswordAge: 90,
        allowUsersToChangePassword: true,
      },
      stays,
    );
    new aws.accessanalyzer.Analyzer(
      name,
      { analyzerName: `groundwork-${pulumi.getStack()}`, type: "ACCOUNT" },
      parent,
    );
    this.registerOutputs({});
  }

  /** Alarms for the analyzer's findings, and for certificates that AWS cannot renew. */
  monitoring(): Monitoring[] {
    return [
      {
        events: {
          "account-open": {
            description: "Something in the account is open to others: see IAM Access Analyzer's findings",
            pattern: {
              source: ["aws.access-analyzer"],
              "detail-type": ["Access Analyzer Finding"],
              // A deleted finding keeps its status.
              detail: { status: ["ACTIVE"], isDeleted: [false] },
            },
          },
          "account-certificate": {
            description:
              "A certificate cannot be renewed automatically: its DNS record is gone, or nothing uses it; see AWS Certificate Manager",
            pattern: {
              source: ["aws.acm"],
              "detail-type": ["ACM Certificate Renewal Action Required", "ACM Certificate Expired"],
            },
          },
        },
      },
    ];
  }
}
