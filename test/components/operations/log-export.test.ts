import { strict as assert } from "node:assert";
import { LogExport, LogExportArgs } from "../../../components/operations/log-export";
import { run } from "../../harness";
import { rightsIn } from "../../statements";
import { ACCOUNT } from "./fixtures";

const logExport = (args: Partial<LogExportArgs> = {}) =>
  run(
    () =>
      new LogExport("log-export", {
        keepData: false,
        logGroups: { web: "web-1", audit: "audit-1" },
        ...args,
      }),
  );
const STREAM = "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:siem-AbCdEf`;

describe("LogExport", () => {
  it("sends each log group on, all of it", async () => {
    const { all } = await logExport();
    assert.deepEqual(
      all("cloudwatch/logSubscriptionFilter:LogSubscriptionFilter").map(({ name, inputs: i }) => [
        name,
        i.logGroup,
        i.filterPattern,
        i.destinationArn,
      ]),
      [
        [
          "log-export-web",
          "web-1",
          "",
          `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/log-export-1234567`,
        ],
        [
          "log-export-audit",
          "audit-1",
          "",
          `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/log-export-1234567`,
        ],
      ],
    );
  });

  it("stores everything in a bucket by the hour, encrypted on the way", async () => {
    const { inputs } = (await logExport()).one(STREAM);
    assert.equal(inputs.destination, "extended_s3");
    assert.equal(inputs.httpEndpointConfiguration, undefined);
    assert.deepEqual(inputs.serverSideEncryption, {
      enabled: true,
      keyType: "CUSTOMER_MANAGED_CMK",
      keyArn: `arn:aws:kms:eu-west-1:${ACCOUNT}:key/log-export-id`,
    });
    const { bucketArn, prefix, compressionFormat } = inputs.extendedS3Configuration;
    assert.deepEqual(
      [bucketArn, prefix, compressionFormat],
      ["arn:aws:s3:::log-export-1234567", "logs/!{timestamp:yyyy/MM/dd/HH}/", "UNCOMPRESSED"],
    );
  });

  it("sends them to a SIEM as well where there is one, with the key out of its secret", async () => {
    const { one } = await logExport({ endpoint: { url: "https://siem.example.com/in", secretArn: SECRET } });
    const { destination, httpEndpointConfiguration: http } = one(STREAM).inputs;
    assert.deepEqual(
      [destination, http.url, http.s3BackupMode, http.secretsManagerConfiguration.secretArn],
      ["http_endpoint", "https://siem.example.com/in", "AllData", SECRET],
    );
    assert.equal(http.s3Configuration.bucketArn, "arn:aws:s3:::log-export-1234567");
    assert.equal(http.accessKey, undefined);
    const rights = rightsIn(one("iam/rolePolicy:RolePolicy", "log-export-delivery").inputs.policy);
    assert.deepEqual(rights["secretsmanager:GetSecretValue"], [SECRET]);
  });

  it("reads no secret without a SIEM", async () => {
    const { one } = await logExport();
    assert.doesNotMatch(
      one("iam/rolePolicy:RolePolicy", "log-export-delivery").inputs.policy,
      /secretsmanager/,
    );
  });

  it("refuses an endpoint without TLS or without a secret, in one error", async () => {
    await assert.rejects(
      logExport({ expireDays: 0, endpoint: { url: "http://siem.example.com", secretArn: "key" } }),
      {
        message:
          'LogExport "log-export": expireDays must be a whole number from 1 to 36500, got 0; ' +
          'endpoint.url must be an https:// address, got "http://siem.example.com"; ' +
          'endpoint.secretArn must be the ARN of a secret, got "key"',
      },
    );
  });
});
