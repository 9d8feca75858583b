import assert from "node:assert/strict";
import { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { Answered, BalancerFigures } from "../../sandbox/fleet/balancer-figures";
import { Health, Target } from "../../sandbox/fleet/target-group";
import { standIns } from "./stand-ins";

const BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1234";
const group = (name: string) =>
  `arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/${name}/5678`;

describe("the sandbox's load balancer puts", () => {
  const target = (name: string, health: Health) =>
    ({ id: "i", health, group: group(name) }) as Target & { group: string };

  /** What CloudWatch gets: "metric of dimensions", with values and unit. */
  async function put(
    answered: Partial<Answered>[],
    targets: (Target & { group: string })[] = [],
    balancer: string | undefined = BALANCER,
  ) {
    const calls: { Namespace: string; MetricData: MetricDatum[] }[] = [];
    const cloudwatch = { putMetricData: async (input: (typeof calls)[number]) => void calls.push(input) };
    const figures = new BalancerFigures(standIns({ cloudwatch }));
    for (const one of answered)
      figures.count({ loadBalancerArn: BALANCER, status: 200, seconds: 0.1, ...one });
    const again = async () => {
      const before = calls.length;
      await figures.put(balancer, targets);
      return calls.slice(before);
    };
    return { calls: await again(), again };
  }
  const shown = (calls: Awaited<ReturnType<typeof put>>["calls"]) =>
    calls.flatMap(({ Namespace, MetricData }) =>
      MetricData.map(({ MetricName, Dimensions, Value, Values, Unit, Timestamp }) => {
        assert.ok(Math.abs(Timestamp!.getTime() - Date.now()) < 60_000);
        const by = Dimensions!.map((one) => `${one.Name}=${one.Value}`).join(" ");
        return `${Namespace} ${MetricName} ${by}: ${Values ?? Value} ${Unit}`;
      }),
    );
  const ALL = "LoadBalancer=app/web/1234";
  const of = (name: string) => `${ALL} TargetGroup=targetgroup/${name}/5678`;

  it("how many it answered in which time, and who failed: itself, or a target of which group", async () => {
    const { calls } = await put(
      [
        { targetGroupArn: group("blue"), seconds: 0.25 },
        { targetGroupArn: group("blue"), status: 500, seconds: 2 },
        { targetGroupArn: group("green"), status: 499, seconds: 1 },
        { status: 502, seconds: 9 },
        { status: 503, seconds: 9 },
        { status: 301, seconds: 9 },
      ],
      [target("blue", "healthy"), target("green", "healthy")],
    );
    assert.equal(calls.length, 1);
    assert.deepEqual(shown(calls), [
      `AWS/ApplicationELB RequestCount ${ALL}: 6 Count`,
      `AWS/ApplicationELB HTTPCode_ELB_5XX_Count ${ALL}: 2 Count`,
      `AWS/ApplicationELB TargetResponseTime ${ALL}: 0.25,2,1 Seconds`,
      `AWS/ApplicationELB HealthyHostCount ${of("blue")}: 1 Count`,
      `AWS/ApplicationELB UnHealthyHostCount ${of("blue")}: 0 Count`,
      `AWS/ApplicationELB HTTPCode_Target_5XX_Count ${of("blue")}: 1 Count`,
      `AWS/ApplicationELB HealthyHostCount ${of("green")}: 1 Count`,
      `AWS/ApplicationELB UnHealthyHostCount ${of("green")}: 0 Count`,
    ]);
  });

  it("each group's healthy and unhealthy targets, and not those that come or go", async () => {
    const { calls } = await put(
      [],
      [
        target("blue", "healthy"),
        target("green", "unhealthy"),
        target("blue", "healthy"),
        target("blue", "unhealthy"),
        target("blue", "initial"),
        target("green", "draining"),
      ],
    );
    assert.deepEqual(shown(calls), [
      `AWS/ApplicationELB HealthyHostCount ${of("blue")}: 2 Count`,
      `AWS/ApplicationELB UnHealthyHostCount ${of("blue")}: 1 Count`,
      `AWS/ApplicationELB HealthyHostCount ${of("green")}: 0 Count`,
      `AWS/ApplicationELB UnHealthyHostCount ${of("green")}: 1 Count`,
    ]);
  });

  it("no figure that is zero, as AWS leaves these out, and each answer once", async () => {
    const { calls, again } = await put([{ status: 200 }]);
    assert.deepEqual(shown(calls), [`AWS/ApplicationELB RequestCount ${ALL}: 1 Count`]);
    assert.deepEqual(await again(), []);
  });

  it("as many times as CloudWatch takes at once", async () => {
    const { calls } = await put(Array(151).fill({ targetGroupArn: group("blue") }));
    assert.deepEqual(
      calls[0]!.MetricData.map(({ Value, Values }) => Value ?? Values!.length),
      [151, 150],
    );
  });

  it("nothing where no load balancer is declared", async () => {
    const figures = await put([{ status: 502 }], [target("blue", "healthy")], "");
    assert.deepEqual(figures.calls, []);
  });
});
