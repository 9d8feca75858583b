import { strict as assert } from "node:assert";
import { AccountGuards } from "../../../components/operations/account-guards";
import { Watch } from "../../../components/shared/monitoring";
import { watchManagedDatabase } from "../../../components/database/alarms";
import { watchImage } from "../../../components/web/baked-image-alarms";
import { watchLogExport } from "../../../components/operations/log-export-alarms";
import { watchNetwork } from "../../../components/network/alarms";
import { watchProvisioner } from "../../../components/provisioner/alarms";
import * as pulumi from "@pulumi/pulumi";

/** Each alarm on one line: key, figure, what it is of, and when it is one. */
const alarms = (watch: Watch) =>
  Object.entries(watch.alarms ?? {}).map(
    ([
      key,
      { metricName, dimensions, statistic, comparison, threshold, periodSeconds = 60, periods = 1, silence },
    ]) =>
      `${key}: ${statistic} ${metricName} of ${Object.values(dimensions!).join()} ${comparison} ${threshold}, ${periods} x ${periodSeconds} s${silence ? `, silence is ${silence}` : ""}`,
  );

const out = (text: string) => text as unknown as pulumi.Output<string>;

describe("what an area is watched for", () => {
  it("the network: gateways without a free port, and the one machine that nothing replaces", () => {
    assert.deepEqual(
      alarms(watchNetwork({ gatewayIds: { a: out("nat-1"), b: out("nat-2") }, instanceIds: {} })),
      [
        "network-nat-a-crowded: Sum ErrorPortAllocation of nat-1 above 0, 1 x 300 s",
        "network-nat-b-crowded: Sum ErrorPortAllocation of nat-2 above 0, 1 x 300 s",
      ],
    );
    assert.deepEqual(alarms(watchNetwork({ gatewayIds: {}, instanceIds: { a: out("i-1") } })), [
      "network-nat-a-down: Maximum StatusCheckFailed of i-1 above 0, 3 x 60 s, silence is alarm",
    ]);
  });

  it("a managed database: load, room, and failures", () => {
    const watch = watchManagedDatabase({ DBInstanceIdentifier: "db-1" });
    assert.deepEqual(alarms(watch), [
      "database-busy: Average CPUUtilization of db-1 above 80, 2 x 300 s",
      "database-full: Minimum FreeStorageSpace of db-1 below 2147483648, 1 x 300 s",
    ]);
    assert.deepEqual((watch.events!["database-down"]!.pattern as { detail: object }).detail, {
      SourceIdentifier: ["db-1"],
      EventCategories: ["failure", "failover"],
    });
  });

  it("the provisioner: a watch that fails, and a request that is given up", () => {
    const provisioner = { stateMachineArn: "machine", doorName: "door-1", watcherName: "watch-1" };
    assert.deepEqual(alarms(watchProvisioner(provisioner)), [
      "provisioner-stands-still: Sum Errors of watch-1 above 0, 2 x 300 s",
      "provisioner-request-lost: Sum AsyncEventsDropped of door-1 above 0, 1 x 300 s",
    ]);
  });

  it("the export of logs: copies that do not arrive, where they are to arrive", () => {
    assert.deepEqual(
      (["S3", "HttpEndpoint"] as const).flatMap((target) => alarms(watchLogExport("export-1", target))),
      [
        "log-export-late: Maximum DeliveryToS3.DataFreshness of export-1 above 1800, 1 x 300 s",
        "log-export-late: Maximum DeliveryToHttpEndpoint.DataFreshness of export-1 above 1800, 1 x 300 s",
      ],
    );
  });

  it("the machine image: a baking of this recipe that fails", () => {
    const prefix = "arn:aws:imagebuilder:eu-west-1:123456789012:image/web-image-1/";
    assert.deepEqual(watchImage(prefix).events!["web-image-failed"]!.pattern, {
      source: ["aws.imagebuilder"],
      "detail-type": ["EC2 Image Builder Image State Change"],
      resources: [{ prefix }],
      detail: { state: { status: ["FAILED"] } },
    });
  });

  it("the account: what is open to others, and certificates that end", () => {
    assert.deepEqual(
      Object.entries(AccountGuards.watch().events!).map(([key, { pattern }]) => [key, pattern]),
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
