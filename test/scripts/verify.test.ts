// What npm run verify makes of answers that only AWS gives: alarms' histories, drills, rights that are missing. A stand-in answers for it.
import { strict as assert } from "node:assert";
import { outcome } from "../../scripts/verify/asked";
import { contextOf } from "../../scripts/verify/context";
import { Made } from "../../scripts/verify/made";
import { planOf } from "../../scripts/verify/plan";
import { Broken, NotAsked, type Promised } from "../../scripts/verify/promised";
import { alarm } from "../../scripts/verify/promises/alarm";
import { drill } from "../../scripts/verify/promises/drill";
import { managedFailover } from "../../scripts/verify/promises/managed-failover";
import { signUp } from "../../scripts/verify/promises/sign-up";
import { NOBODY } from "../../scripts/verify/sign-in";
import type { Stage } from "../../scripts/verify/stage";
import { until } from "../../sandbox/problem";
import { awsCallOf, listen, textOf } from "../listener";
import { some } from "../some";

const MEMBER = { ...NOBODY, token: async () => "token" };
const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";

describe("npm run verify on AWS", () => {
  let aws: Awaited<ReturnType<typeof listen>>;
  const environment = { ...process.env };
  /** By the action's name; what throws is AWS's refusal by that name. */
  let answers: Record<string, (body: any) => unknown>; // eslint-disable-line @typescript-eslint/no-explicit-any -- any action's request
  let asked: string[];

  before(async () => {
    aws = await listen(async (request, response) => {
      const { target, body } = await awsCallOf(request);
      const action = target.split(".").at(-1)!;
      asked.push(action);
      const answer = answers[action];
      if (!answer) {
        response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
        return response.end(
          JSON.stringify({ __type: "AccessDeniedException", message: `no right to ${action}` }),
        );
      }
      const given = answer(body.startsWith("{") ? JSON.parse(body) : body);
      return response.end(typeof given === "string" ? given : JSON.stringify(given));
    });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.url,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    });
  });
  after(async () => {
    for (const name of ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
      if (environment[name] === undefined) delete process.env[name];
      else process.env[name] = environment[name];
    await aws.close();
  });
  beforeEach(() => {
    answers = {};
    asked = [];
  });

  const stageWith = (outputs: Stage["outputs"], more: Partial<Stage> = {}): Stage => ({
    ...{ target: "AWS", stack: "dev", url: "http://127.0.0.1:1", region: "eu-west-1", outputs, ...more },
  });
  async function ask(promise: Promised, stage: Stage, tokens = NOBODY) {
    const made = new Made();
    const { signal } = new AbortController();
    const context = contextOf({ stage, made, tokens, say: () => {}, signal });
    const { state, seen } = await outcome(promise, context, signal);
    return { state, seen, removed: await made.removeAll() };
  }

  describe("an alarm", () => {
    const stage = stageWith({ alarmTopicArn: TOPIC });
    const states = new Map<string, string>();
    const one = (AlarmName: string, StateValue: string, AlarmActions: string[]) => ({
      ...{ AlarmName, StateValue, AlarmActions, ActionsEnabled: true },
    });
    const alarms = () => [
      one("a-rings", "ALARM", [TOPIC]),
      one("b-scales", "OK", ["arn:aws:autoscaling:policy"]),
      one("c-both", "OK", [TOPIC, "arn:aws:autoscaling:policy"]),
      one("d-quiet", states.get("d-quiet") ?? "OK", [TOPIC]),
    ];
    const withHistory = (HistorySummary: string) => {
      states.clear();
      answers = {
        DescribeAlarms: ({ AlarmNames }: { AlarmNames?: string[] }) => ({
          MetricAlarms: alarms().filter(({ AlarmName }) => !AlarmNames || AlarmNames.includes(AlarmName)),
        }),
        SetAlarmState: (set: { AlarmName: string; StateValue: string }) => {
          states.set(set.AlarmName, set.StateValue);
          return {};
        },
        DescribeAlarmHistory: () => ({ AlarmHistoryItems: [{ HistorySummary }] }),
      };
    };

    it("that is quiet and notifies only people is set off, and is quiet again in the end", async () => {
      withHistory(`Successfully executed action ${TOPIC}`);
      const { state, seen, removed } = await ask(alarm, stage);
      assert.deepEqual([state, seen], ["kept", `d-quiet: Successfully executed action ${TOPIC}; only its readers know whether the mail came`]); // prettier-ignore
      assert.deepEqual(removed, [{ what: "the firing of d-quiet", gone: true }]);
      assert.deepEqual([...states], [["d-quiet", "OK"]]);
    });

    it("whose topic did not accept the message breaks the promise", async () => {
      withHistory("Failed to execute action");
      const { state, seen } = await ask(alarm, stage);
      assert.deepEqual([state, seen], ["broken", "d-quiet: Failed to execute action"]);
    });

    it("is not checked without permission to set it off, and never counts as kept", async () => {
      withHistory("");
      delete answers["SetAlarmState"];
      const { state, seen } = await ask(alarm, stage);
      assert.deepEqual(
        [state, seen],
        ["not asked", "your credentials lack a permission: no right to SetAlarmState"],
      );
    });
  });

  describe("a drill", () => {
    const stage = stageWith({
      databaseEndpoint: "10.10.10.10",
      vpcId: "vpc-1",
      databaseBackupBucket: "backups",
    });
    const node = (id: string, table: string) =>
      `<item><instanceId>${id}</instanceId><tagSet><item><key>database-lease</key><value>${table}</value></item></tagSet></item>`;
    const withFigures = (figures: Record<string, [day: string, value: number][]>) => {
      answers = {
        DescribeRouteTables: () =>
          "<DescribeRouteTablesResponse><routeTableSet><item><routeSet><item><destinationCidrBlock>10.10.10.10/32</destinationCidrBlock><instanceId>i-1</instanceId></item></routeSet></item></routeTableSet></DescribeRouteTablesResponse>",
        DescribeInstances: () =>
          `<DescribeInstancesResponse><reservationSet><item><instancesSet>${node("i-1", "lease")}${node("i-2", "lease")}${node("i-3", "another")}</instancesSet></item></reservationSet></DescribeInstancesResponse>`,
        GetMetricStatistics: ({ MetricName, Dimensions }: { MetricName: string; Dimensions: object[] }) => {
          assert.deepEqual(Dimensions, [{ Name: "Lease", Value: "lease" }]);
          return {
            Datapoints: (figures[MetricName] ?? []).map(([day, Maximum]) => ({
              ...{ Timestamp: Date.parse(day) / 1000, Maximum },
            })),
          };
        },
      };
    };
    type Row = [what: string, Parameters<typeof withFigures>[0], state: string, seen: string];
    const fresh: [string, number][] = [
      ["2026-01-02", 5],
      ["2026-01-01", 60],
    ];
    const ROWS: Row[] = [
      ["that ended well", { BackupAgeHours: fresh, DrillsFailed: [["2026-01-01", 1], ["2026-01-02", 0]] }, "kept", "the drill of 2026-01-02 ended well; the last backup is 5.0 hours old"], // prettier-ignore
      ["that failed last", { BackupAgeHours: fresh, DrillsFailed: [["2026-01-02", 1], ["2026-01-01", 0]] }, "broken", "the drill of 2026-01-02 failed; the last backup is 5.0 hours old"], // prettier-ignore
      ["that nobody held", { BackupAgeHours: fresh }, "not asked", "the last backup is 5.0 hours old, and no drill was reported in 91 days: database.drillDays makes the nodes run drills"], // prettier-ignore
      [
        "of an old backup",
        { BackupAgeHours: [["2026-01-02", 51]] },
        "broken",
        "the last backup is 51 hours old",
      ],
      ["of nodes that say nothing", {}, "broken", "no node has reported in a day how old the last backup is"],
    ];
    for (const [what, figures, state, seen] of some(ROWS))
      it(`${what} is ${state}`, async () => {
        withFigures(figures);
        const found = await ask(drill, stage);
        assert.deepEqual([found.state, found.seen], [state, seen]);
      });

    it("is not checked for a database without nodes", () => {
      const { outputs } = stage;
      const managed = stageWith({ ...outputs, databaseEndpoint: "database.rds.amazonaws.com" });
      assert.equal(drill.missing(managed), "its database does not run on nodes of its own");
      assert.equal(
        drill.missing(stageWith({ ...outputs, vpcId: undefined })),
        "the stack has no output vpcId",
      );
    });
  });

  describe("an RDS database", () => {
    const INSTANCE = "database.abc.eu-west-1.rds.amazonaws.com";
    const CLUSTER = "database.cluster-abc.eu-west-1.rds.amazonaws.com";
    let site: Awaited<ReturnType<typeof listen>>;
    let known: object[];
    before(async () => {
      // The database refuses a user that is there.
      site = await listen(async (request, response) => {
        if (request.method === "GET") return response.end(JSON.stringify(known));
        const user = JSON.parse(await textOf(request)) as object;
        response.writeHead(known.length > 0 ? 409 : 201).end("{}");
        if (known.length === 0) known = [user];
      });
    });
    after(() => site.close());
    beforeEach(() => (known = []));

    const stageAt = (databaseEndpoint: string) =>
      stageWith({ databaseEndpoint, userPoolId: "eu-west-1_pool" }, { url: site.url });
    const instances = (zone: () => string, standby: boolean) => () =>
      `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceIdentifier>database</DBInstanceIdentifier><MultiAZ>${standby}</MultiAZ><AvailabilityZone>${zone()}</AvailabilityZone></DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`;
    const members = (writer: () => string, names: string[]) => () =>
      `<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters><DBCluster><DBClusterMembers>${names.map((name) => `<DBClusterMember><DBInstanceIdentifier>${name}</DBInstanceIdentifier><IsClusterWriter>${name === writer()}</IsClusterWriter></DBClusterMember>`).join("")}</DBClusterMembers></DBCluster></DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>`;

    it("fails over to its standby in another zone, and keeps what was written", async () => {
      let zone = "eu-west-1a";
      answers = {
        DescribeDBInstances: instances(() => zone, true),
        RebootDBInstance: (body: string) => {
          assert.equal(new URLSearchParams(body).get("ForceFailover"), "true");
          zone = "eu-west-1b";
          return "<RebootDBInstanceResponse/>";
        },
      };
      const { state, seen } = await ask(managedFailover, stageAt(INSTANCE), MEMBER);
      assert.equal(state, "kept", seen);
      assert.match(seen, /^from eu-west-1a to eu-west-1b; of the writes, 0 of \d+ failed, .* is there$/);
    });

    it("fails over to another instance of its cluster; a lost user breaks the promise", async () => {
      let writer = "one";
      answers = {
        DescribeDBClusters: members(() => writer, ["one", "two"]),
        FailoverDBCluster: () => {
          writer = "two";
          return "<FailoverDBClusterResponse/>";
        },
      };
      const asking = ask(managedFailover, stageAt(CLUSTER), MEMBER);
      await until("The failover", () => writer === "two");
      known = [{ username: "somebody else" }];
      const { state, seen } = await asking;
      assert.deepEqual([state, seen], ["broken", "the user that was written before the database failed over is lost"]); // prettier-ignore
    });

    it("is left alone without a standby, and does not exist if nodes serve", async () => {
      answers = { DescribeDBInstances: instances(() => "eu-west-1a", false) };
      const one = await ask(managedFailover, stageAt(INSTANCE), MEMBER);
      assert.deepEqual([one.state, one.seen], ["not asked", "the instance database has no standby"]);
      answers = { DescribeDBClusters: members(() => "one", ["one"]) };
      const other = await ask(managedFailover, stageAt(CLUSTER), MEMBER);
      assert.deepEqual([other.state, other.seen], ["not asked", "the cluster database has no standby instance"]); // prettier-ignore
      assert.equal(managedFailover.missing(stageAt("10.0.0.5")), "its database runs on nodes of its own");
    });
  });

  describe("a sign-up", () => {
    const stage = stageWith({ userPoolId: "eu-west-1_pool" }, { signUp: "new@example.com" });

    it("is not checked in a pool where only admins add people, nor for an address that has an account", async () => {
      answers = {
        DescribeUserPool: () => ({ UserPool: { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } } }),
      };
      assert.equal(
        (await ask(signUp, stage)).seen,
        "people may not sign up themselves (identity.selfSignUp)",
      );
      answers = { DescribeUserPool: () => ({ UserPool: {} }), AdminGetUser: () => ({ Username: "new" }) };
      const { state, seen, removed } = await ask(signUp, stage);
      assert.deepEqual([state, seen, removed], ["not asked", "new@example.com has an account already", []]);
      assert.ok(!asked.includes("AdminDeleteUser"), "somebody else's account stays");
    });

    it("needs an address whose mail can be read", () => {
      assert.equal(
        signUp.missing(stageWith(stage.outputs)),
        "--sign-up names no address whose mail you can read",
      );
    });
  });

  it("distinguishes broken promises, unchecked ones, and unexpected failures", async () => {
    const failing = (error: Error): Promised => ({
      ...{ name: "one", expected: "", takes: { sandbox: 0, AWS: 0 }, usd: 0, missing: () => undefined },
      run: () => Promise.reject(error),
    });
    const found = await Promise.all(
      [new Broken("no"), new NotAsked("nobody there"), new Error("odd")].map((error) =>
        ask(failing(error), stageWith({})),
      ),
    );
    assert.deepEqual(
      found.map(({ state, seen }) => [state, seen]),
      [
        ["broken", "no"],
        ["not asked", "nobody there"],
        ["broken", "odd"],
      ],
    );
  });

  it("says before it begins how long it takes, what it costs and what others notice", () => {
    const one = (name: string, more: Partial<Promised> = {}): Promised => ({
      ...{
        name,
        expected: "",
        takes: { sandbox: 1, AWS: 100 },
        usd: 0.02,
        missing: () => undefined,
        ...more,
      },
      run: async () => "",
    });
    const lines = planOf(stageWith({}), [
      one("a", { notice: "it rings" }),
      one("b", { missing: () => "no output b", notice: "it falls" }),
    ]);
    assert.deepEqual(lines, [
      "Stack dev at http://127.0.0.1:1, on AWS. These promises:",
      "  a",
      "  b (not asked: no output b)",
      "It takes about 2 minutes, and costs about 0.02 USD (estimated, not measured). Ctrl-C ends it early; what was created is removed.",
      "OTHERS NOTICE:",
      "  a: it rings",
    ]);
  });
});
