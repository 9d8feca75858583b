import { strict as assert } from "node:assert";
import { FailoverWatchdog, FailoverWatchdogArgs } from "../../../components/database/failover-watchdog";
import { physicalName, run, valueOf } from "../../harness";
import { sharedStorageOptions } from "../../../components/database/args";
import { WORKING_MS } from "../../../functions/database/failover";
import { LOGGING, on, onlyIf, rightsIn, through } from "../../statements";
import { ACCOUNT } from "../operations/fixtures";

const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/lease-1`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
const OWN = { StringEquals: { "aws:ResourceTag/database-lease": "lease-1" } };
const watchdog = (args: Partial<FailoverWatchdogArgs> = {}) =>
  run(
    () =>
      new FailoverWatchdog("failover", {
        vpcId: "vpc-1",
        groupName: "db",
        virtualIp: "10.10.10.10",
        routeTableIds: ["rtb-1", "rtb-2"],
        tableName: "lease-1",
        tableArn: TABLE,
        kmsKeyArn: KEY,
        sameDatabase: OWN,
        logRetentionDays: 30,
        ...args,
      }),
  );

describe("FailoverWatchdog", () => {
  it("gives its function the lease table, the virtual IP and the VPC", async () => {
    const { one, outputs } = await watchdog();
    const { inputs } = one("lambda/function:Function");
    assert.deepEqual(inputs.environment.variables, {
      LEASE_TABLE: "lease-1",
      LEASE_KEY: "database",
      VIRTUAL_IP: "10.10.10.10",
      VPC_ID: "vpc-1",
      LAUNCH_HOOK: "node-ready",
      METRICS_NAMESPACE: "Groundwork/Database",
    });
    assert.equal(await valueOf(outputs.functionName), physicalName("failover"));
  });

  it("ends before the next run begins, and keeps its log as long as told", async () => {
    const { one } = await watchdog({ logRetentionDays: 7 });
    const { timeout } = one("lambda/function:Function").inputs;
    assert.ok(timeout < 60);
    // A lease that is silent for its whole length is watched for so long, and there is time left to act on it.
    const longest = sharedStorageOptions.shape.leaseSeconds.unwrap().maxValue!;
    assert.ok(longest * 1000 + 1000 < WORKING_MS && WORKING_MS < timeout * 1000 - 5000, `${longest} s`);
    assert.equal(one("cloudwatch/logGroup:LogGroup").inputs.retentionInDays, 7);
  });

  it("may read the lease, clear its suspects, stop its own nodes, and change the routes of its own tables", async () => {
    const { one } = await watchdog();
    const tables = ["rtb-1", "rtb-2"].map((id) => `arn:aws:ec2:eu-west-1:${ACCOUNT}:route-table/${id}`);
    assert.deepEqual(rightsIn(one("iam/rolePolicy:RolePolicy").inputs.policy, LOGGING), {
      ...on([TABLE], "dynamodb:GetItem", "dynamodb:UpdateItem"),
      ...on([through("dynamodb", KEY)], "kms:Decrypt"),
      ...on(["*"], "ec2:DescribeInstances", "ec2:DescribeInstanceStatus", "ec2:DescribeRouteTables"),
      ...on(["*"], "autoscaling:DescribeAutoScalingInstances"),
      ...on(
        [
          onlyIf(
            `arn:aws:autoscaling:eu-west-1:${ACCOUNT}:autoScalingGroup:*:autoScalingGroupName/db-*`,
            OWN,
          ),
        ],
        "autoscaling:CompleteLifecycleAction",
      ),
      ...on(tables, "ec2:CreateRoute", "ec2:ReplaceRoute"),
      ...on([onlyIf(`arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/*`, OWN)], "ec2:StopInstances"),
    });
  });

  it("runs every minute, and whenever a machine changes its state", async () => {
    const { all } = await watchdog();
    assert.deepEqual(
      all("cloudwatch/eventRule:EventRule").map(({ name, inputs }) => [
        name,
        inputs.scheduleExpression ?? JSON.parse(inputs.eventPattern),
      ]),
      [
        ["failover-each-minute", "rate(1 minute)"],
        [
          "failover-state-change",
          { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
        ],
      ],
    );
    const lambda = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:${physicalName("failover")}`;
    assert.deepEqual(
      all("cloudwatch/eventTarget:EventTarget").map(({ inputs }) => inputs.arn),
      [lambda, lambda],
    );
  });

  it("leaves its alarms to the component that creates those of the whole stack", async () => {
    const { all } = await watchdog();
    assert.deepEqual(all("cloudwatch/metricAlarm:MetricAlarm"), []);
  });
});
