import { strict as assert } from "node:assert";
import type { LogExportArgs } from "../../../components/operations/args";
import { LogExport } from "../../../components/operations/log-export";
import { physicalName, run } from "../../harness";
import { rightsIn } from "../../statements";
import { alarmLines, monitored } from "../monitoring-lines";
import { ACCOUNT } from "./fixtures";

const make = (args: Partial<LogExportArgs>) => () =>
  new LogExport("log-export", { keepData: false, logGroups: { web: "web-1", audit: "audit-1" }, ...args });
const logExport = (args: Partial<LogExportArgs> = {}) => run(make(args));
const STREAM = "kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const SECRET = `arn:aws:secretsmanager:eu-west-1:${ACCOUNT}:secret:siem-AbCdEf`;

describe("LogExport", () => {
  it("exports each log group completely", async () => {
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
          `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/${physicalName("log-export")}`,
        ],
        [
          "log-export-audit",
          "audit-1",
          "",
          `arn:aws:firehose:eu-west-1:${ACCOUNT}:deliverystream/${physicalName("log-export")}`,
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
      [`arn:aws:s3:::${physicalName("log-export")}`, "logs/!{timestamp:yyyy/MM/dd/HH}/", "UNCOMPRESSED"],
    );
  });

  it("also sends them to a SIEM if there is one, with the key from its secret", async () => {
    const { one } = await logExport({ siemUrl: "https://siem.example.com/in", siemSecretArn: SECRET });
    const { destination, httpEndpointConfiguration: http } = one(STREAM).inputs;
    assert.deepEqual(
      [destination, http.url, http.s3BackupMode, http.secretsManagerConfiguration.secretArn],
      ["http_endpoint", "https://siem.example.com/in", "AllData", SECRET],
    );
    assert.equal(http.s3Configuration.bucketArn, `arn:aws:s3:::${physicalName("log-export")}`);
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
      logExport({ expireDays: 0, siemUrl: "http://siem.example.com", siemSecretArn: "key" }),
      {
        message:
          'LogExport "log-export": siemUrl must be an https:// address, got "http://siem.example.com"; ' +
          'siemSecretArn must be the ARN of a secret that holds the SIEM\'s key, got "key"; ' +
          "expireDays must be a whole number from 1 to 36500, got 0",
      },
    );
  });

  it("refuses a SIEM without its secret, and a secret without a SIEM", async () => {
    const rule = "siemSecretArn must be given together with siemUrl, or neither, got";
    await assert.rejects(logExport({ siemUrl: "https://siem.example.com" }), {
      message: `LogExport "log-export": ${rule} nothing`,
    });
    await assert.rejects(logExport({ siemSecretArn: SECRET }), {
      message: `LogExport "log-export": ${rule} "${SECRET}"`,
    });
  });

  it("has alarms for copies that do not arrive at their destinations", async () => {
    const alarms = async (args: Partial<LogExportArgs>) =>
      alarmLines((await monitored(make(args))).outputs.monitoring);
    assert.deepEqual(await alarms({}), [
      `log-export-late: Maximum AWS/Firehose DeliveryToS3.DataFreshness of DeliveryStreamName ${physicalName("log-export")} above 1800, 1 x 300 s`,
    ]);
    assert.deepEqual(await alarms({ siemUrl: "https://siem.example.com/in", siemSecretArn: SECRET }), [
      `log-export-late: Maximum AWS/Firehose BackupToS3.DataFreshness of DeliveryStreamName ${physicalName("log-export")} above 1800, 1 x 300 s`,
      `log-export-refused: Sum AWS/Firehose DeliveryToHttpEndpoint.Success of DeliveryStreamName ${physicalName("log-export")} below 1, 6 x 300 s, silence is alarm`,
    ]);
  });
});
