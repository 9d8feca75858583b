import { strict as assert } from "node:assert";
import { webMonitoring } from "../../../components/web/alarms";
import { bakedImageMonitoring } from "../../../components/web/baked-image-alarms";
import { Alarms } from "../../../components/operations/alarms";
import { run } from "../../harness";
import { topic } from "../operations/fixtures";
import { alarmLines, eventPatterns, graphLines } from "../monitoring-lines";

const web = (minSize: number) =>
  webMonitoring({
    loadBalancer: "app/web/1",
    targetGroup: "targetgroup/web/2",
    groupName: "web-1",
    minSize,
  });
const BALANCER = "LoadBalancer app/web/1";
const SERVERS = `${BALANCER}, TargetGroup targetgroup/web/2`;
const GROUP = "AutoScalingGroupName web-1";

describe("the alarms and graphs of the web servers", () => {
  it("use what the load balancer reports about them and about itself", async () => {
    assert.deepEqual(await alarmLines(web(2)), [
      `web-app-errors: Sum AWS/ApplicationELB HTTPCode_Target_5XX_Count of ${SERVERS} above 5, 2 x 60 s`,
      `web-balancer-errors: Sum AWS/ApplicationELB HTTPCode_ELB_5XX_Count of ${BALANCER} above 5, 2 x 60 s`,
      `web-unhealthy: Maximum AWS/ApplicationELB UnHealthyHostCount of ${SERVERS} above 0, 10 x 60 s`,
      `web-down: Maximum AWS/ApplicationELB HealthyHostCount of ${SERVERS} below 1, 2 x 60 s, silence is alarm`,
      `web-few: Maximum AWS/ApplicationELB HealthyHostCount of ${SERVERS} below 2, 15 x 60 s`,
      `web-slow: p99 AWS/ApplicationELB TargetResponseTime of ${BALANCER} above 1, 5 x 60 s`,
    ]);
  });

  it("do not report too few servers if the minimum is one", async () => {
    const keys = Object.keys(web(1).alarms!);
    assert.deepEqual(keys, [
      "web-app-errors",
      "web-balancer-errors",
      "web-unhealthy",
      "web-down",
      "web-slow",
    ]);
  });

  it("become one CloudWatch alarm each", async () => {
    const { all, one } = await run(() => new Alarms("alarms", { topic: topic(), monitoring: [web(2)] }));
    assert.deepEqual(
      all("cloudwatch/metricAlarm:MetricAlarm")
        .map(({ name, inputs: i }) =>
          [
            name,
            i.metricName,
            i.statistic ?? i.extendedStatistic,
            i.comparisonOperator[0],
            i.threshold,
            `${i.evaluationPeriods}x`,
            i.treatMissingData,
          ].join(" "),
        )
        .sort(),
      [
        "alarms-web-app-errors HTTPCode_Target_5XX_Count Sum G 5 2x notBreaching",
        "alarms-web-balancer-errors HTTPCode_ELB_5XX_Count Sum G 5 2x notBreaching",
        "alarms-web-down HealthyHostCount Maximum L 1 2x breaching",
        "alarms-web-few HealthyHostCount Maximum L 2 15x notBreaching",
        "alarms-web-slow TargetResponseTime p99 G 1 5x notBreaching",
        "alarms-web-unhealthy UnHealthyHostCount Maximum G 0 10x notBreaching",
      ],
    );
    const errors = one("cloudwatch/metricAlarm:MetricAlarm", "alarms-web-app-errors");
    assert.deepEqual(errors.inputs.dimensions, {
      LoadBalancer: "app/web/1",
      TargetGroup: "targetgroup/web/2",
    });
  });

  it("report a server of this group that could not be started, and a failed refresh", async () => {
    const of = (type: string) => ({
      source: ["aws.autoscaling"],
      "detail-type": [type],
      detail: { AutoScalingGroupName: ["web-1"] },
    });
    assert.deepEqual(await eventPatterns(web(2)), {
      "web-launch-failed": of("EC2 Instance Launch Unsuccessful"),
      "web-refresh-failed": of("EC2 Auto Scaling Instance Refresh Failed"),
    });
  });

  it("show requests, latencies and servers", async () => {
    assert.deepEqual(await graphLines(web(2)), [
      "Web",
      "Requests and errors",
      `  requests: Sum AWS/ApplicationELB RequestCount of ${BALANCER}`,
      `  5xx of the app: Sum AWS/ApplicationELB HTTPCode_Target_5XX_Count of ${SERVERS}`,
      `  5xx of the load balancer: Sum AWS/ApplicationELB HTTPCode_ELB_5XX_Count of ${BALANCER}`,
      `  4xx of the app: Sum AWS/ApplicationELB HTTPCode_Target_4XX_Count of ${SERVERS}`,
      "Seconds to answer",
      `  half of them: p50 AWS/ApplicationELB TargetResponseTime of ${BALANCER}`,
      `  99 of 100: p99 AWS/ApplicationELB TargetResponseTime of ${BALANCER}`,
      "Servers",
      `  healthy: Maximum AWS/ApplicationELB HealthyHostCount of ${SERVERS}`,
      `  unhealthy: Maximum AWS/ApplicationELB UnHealthyHostCount of ${SERVERS}`,
      `  CPU %: Average AWS/EC2 CPUUtilization of ${GROUP}`,
      "Fullest and slowest server, in %",
      `  memory: Maximum Groundwork/Web mem_used_percent of ${GROUP}`,
      `  waiting for its disk: Maximum Groundwork/Web cpu_usage_iowait of ${GROUP}`,
      "Milliseconds in the app",
      "  half of the requests: p50 Groundwork/Web Latency of Service web",
      "  99 of 100: p99 Groundwork/Web Latency of Service web",
      "  event loop held up: Maximum Groundwork/Web EventLoopDelay of Service web",
    ]);
  });
});

describe("the alarm of the machine image", () => {
  it("reports a failed bake of this recipe", async () => {
    const prefix = "arn:aws:imagebuilder:eu-west-1:123456789012:image/web-image-1/";
    assert.deepEqual(await eventPatterns(bakedImageMonitoring(prefix)), {
      "web-image-failed": {
        source: ["aws.imagebuilder"],
        "detail-type": ["EC2 Image Builder Image State Change"],
        resources: [{ prefix }],
        detail: { state: { status: ["FAILED"] } },
      },
    });
  });
});
