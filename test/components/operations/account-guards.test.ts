import { strict as assert } from "node:assert";
import { AccountGuards } from "../../../components/operations/account-guards";
import { run } from "../../harness";
import { monitored } from "../monitoring-lines";

describe("AccountGuards", () => {
  const guards = () => run(() => new AccountGuards("account"));

  it("turns on exactly what AWS lets a whole account turn on", async () => {
    const { resources } = await guards();
    assert.deepEqual(
      resources
        .map(({ type }) => type)
        .filter((type) => type.startsWith("aws:"))
        .sort(),
      [
        "aws:accessanalyzer/analyzer:Analyzer",
        "aws:ebs/encryptionByDefault:EncryptionByDefault",
        "aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess",
        "aws:ec2/instanceMetadataDefaults:InstanceMetadataDefaults",
        "aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
      ],
    );
  });

  it("lets no bucket of the account be public in any way", async () => {
    const { one } = await guards();
    assert.deepEqual(one("s3/accountPublicAccessBlock:AccountPublicAccessBlock").inputs, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
  });

  it("encrypts disks, keeps snapshots private, and requires tokens for metadata, one hop away at most", async () => {
    const { one } = await guards();
    assert.deepEqual(one("ebs/encryptionByDefault:EncryptionByDefault").inputs, { enabled: true });
    assert.deepEqual(one("ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess").inputs, {
      state: "block-all-sharing",
    });
    assert.deepEqual(one("ec2/instanceMetadataDefaults:InstanceMetadataDefaults").inputs, {
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
  });

  it("requires passwords as CIS and AWS recommend: 14 characters of all kinds, for 90 days, none of the last 24", async () => {
    const { one } = await guards();
    assert.deepEqual(one("iam/accountPasswordPolicy:AccountPasswordPolicy").inputs, {
      minimumPasswordLength: 14,
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      passwordReusePrevention: 24,
      maxPasswordAge: 90,
      allowUsersToChangePassword: true,
    });
  });

  it("looks for resources that are open to other accounts", async () => {
    const { one } = await guards();
    assert.equal(one("accessanalyzer/analyzer:Analyzer").inputs.type, "ACCOUNT");
  });

  it("reports resources that are open to others, and certificates that expire", async () => {
    const { outputs } = await monitored(() => new AccountGuards("account"));
    assert.deepEqual(
      Object.entries(outputs.monitoring.events!).map(([key, { pattern }]) => [key, pattern]),
      [
        [
          "account-open",
          {
            source: ["aws.access-analyzer"],
            "detail-type": ["Access Analyzer Finding"],
            detail: { status: ["ACTIVE"], isDeleted: [false] },
          },
        ],
        [
          "account-certificate",
          {
            source: ["aws.acm"],
            "detail-type": ["ACM Certificate Renewal Action Required", "ACM Certificate Expired"],
          },
        ],
      ],
    );
  });
});
