import { allows, Cases, made, named, refuses } from "./case";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const sum = { statistic: "Sum", period: 60 };
const alarm = (inputs: object) => made(ALARM, { ...sum, ...inputs });

const errors = { namespace: "AWS/Lambda", metricName: "Errors" };
const mover = named("mover", "aws:lambda/function:Function");
const ofMover = { FunctionName: "mover-1234567" };

const cpu = { namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average" };
const status = { ...cpu, metricName: "StatusCheckFailed", statistic: "Maximum" };
const template = (enabled?: boolean) =>
  named("servers", "aws:ec2/launchTemplate:LaunchTemplate", { monitoring: { enabled } });
const group = named("servers", "aws:autoscaling/group:Group", { launchTemplate: { id: "servers-id" } });
const ofGroup = { dimensions: { AutoScalingGroupName: "servers-1234567" } };
const machine = (monitoring?: boolean) => named("nat", "aws:ec2/instance:Instance", { monitoring });
const ofMachine = { dimensions: { InstanceId: "nat-id" } };

const balancers = [
  named("web", "aws:lb/loadBalancer:LoadBalancer"),
  named("web", "aws:lb/targetGroup:TargetGroup"),
];
const LoadBalancer = "app/web/0123456789abcdef";
const TargetGroup = "targetgroup/web/0123456789abcdef";
const balancer = (metricName: string, dimensions: object, statistic = "Sum") =>
  alarm({ namespace: "AWS/ApplicationELB", metricName, dimensions, statistic });

const filter = (namespace: string, name: string) =>
  named("counter", "aws:cloudwatch/logMetricFilter:LogMetricFilter", {
    metricTransformation: { namespace, name, value: "1" },
  });
const counted = { namespace: "Ours/Audit", metricName: "signed-in" };

const healthy = {
  namespace: "Groundwork/Database",
  metricName: "DatabaseHealthy",
  statistic: "Minimum",
  dimensions: { Lease: "lease-1234567" },
};
const lease = named("lease", "aws:dynamodb/table:Table");
const writer = (METRICS_NAMESPACE: string) =>
  named("watch", "aws:lambda/function:Function", { environment: { variables: { METRICS_NAMESPACE } } });

const firewall = named("firewall", "aws:wafv2/webAcl:WebAcl", {
  visibilityConfig: { metricName: "firewall" },
  rules: [{ visibilityConfig: { metricName: "rate" } }],
});
const board = (line: unknown[], more: object = {}) =>
  made("aws:cloudwatch/dashboard:Dashboard", {
    dashboardBody: JSON.stringify({
      widgets: [{ properties: { markdown: "## A title" } }, { properties: { metrics: [line], ...more } }],
    }),
  });
const blocked = (rule: string, region = "eu-west-1", acl = "firewall") =>
  board(["AWS/WAFV2", "BlockedRequests", "WebACL", acl, "Region", region, "Rule", rule, { stat: "Sum" }]);

const server = (namespace: string) =>
  named("servers", "aws:ec2/launchTemplate:LaunchTemplate", {
    userData: Buffer.from(JSON.stringify({ namespace })).toString("base64"),
  });
const memory = [
  "Groundwork/Web",
  "mem_used_percent",
  "AutoScalingGroupName",
  "servers-1234567",
  { stat: "Maximum" },
];
const loop = ["Groundwork/Web", "EventLoopDelay", "Service", "web", { stat: "Maximum" }];

export const alarmCases: Cases = {
  "watches only metrics that something reports": [
    refuses(
      "a figure that AWS does not have",
      [mover, alarm({ ...errors, metricName: "Error", dimensions: ofMover })],
      "it watches AWS/Lambda Error, which nothing reports",
    ),
    refuses("a service that AWS does not have", [alarm({ ...errors, namespace: "AWS/Lambdas" })]),
    refuses(
      "a dimension by another name",
      [mover, alarm({ ...errors, dimensions: { Function: "mover-1234567" } })],
      "it watches AWS/Lambda Errors by Function, which is reported by FunctionName",
    ),
    refuses(
      "no dimension where there is one",
      [mover, alarm(errors)],
      "it watches AWS/Lambda Errors by nothing, which is reported by FunctionName",
    ),
    refuses(
      "a dimension too few",
      [...balancers, balancer("HealthyHostCount", { LoadBalancer }, "Maximum")],
      "by LoadBalancer, which is reported by LoadBalancer and TargetGroup",
    ),
    refuses(
      "a dimension too many",
      [...balancers, balancer("HTTPCode_ELB_5XX_Count", { LoadBalancer, TargetGroup })],
      "by LoadBalancer, TargetGroup, which is reported by LoadBalancer",
    ),
    refuses(
      "a function that is not the stack's",
      [mover, alarm({ ...errors, dimensions: { FunctionName: "another" } })],
      "it watches the FunctionName another, which the stack does not have",
    ),
    refuses("another output of the right resource", [
      ...balancers,
      balancer("HTTPCode_ELB_5XX_Count", { LoadBalancer: "web-123456789.eu-west-1.elb.amazonaws.com" }),
    ]),
    refuses(
      "a statistic that says nothing",
      [mover, alarm({ ...errors, dimensions: ofMover, statistic: "Average" })],
      "it watches the Average of AWS/Lambda Errors, which makes sense only as Sum",
    ),
    refuses("a percentile of what has none", [
      mover,
      alarm({ ...errors, dimensions: ofMover, statistic: undefined, extendedStatistic: "p99" }),
    ]),
    refuses(
      "a time shorter than AWS measures",
      [mover, alarm({ ...errors, dimensions: ofMover, period: 30 })],
      "it watches AWS/Lambda Errors every 30 seconds, which is reported every 60",
    ),
    refuses(
      "a minute of machines that are measured every five",
      [template(false), group, alarm({ ...cpu, ...ofGroup })],
      "every 60 seconds, which is reported every 300",
    ),
    refuses("a minute of a machine by itself", [machine(), alarm({ ...cpu, ...ofMachine })]),
    refuses("a filter's count under another name", [filter("Ours/Audit", "sign-in"), alarm(counted)]),
    refuses("a filter's count in another namespace", [filter("Ours/Other", "signed-in"), alarm(counted)]),
    refuses(
      "a filter's count by a dimension that it has not",
      [mover, filter("Ours/Audit", "signed-in"), alarm({ ...counted, dimensions: ofMover })],
      "by FunctionName, which is reported by nothing",
    ),
    refuses("anything but a count's sum", [
      filter("Ours/Audit", "signed-in"),
      alarm({ ...counted, statistic: "Average" }),
    ]),
    refuses("a function's figure that no function writes", [
      lease,
      writer("Groundwork/Other"),
      alarm(healthy),
    ]),
    refuses("a figure that the function does not write", [
      lease,
      writer("Groundwork/Database"),
      alarm({ ...healthy, metricName: "Healthy" }),
    ]),
    refuses(
      "a dashboard's line of a rule that is not there",
      [firewall, blocked("rates")],
      "it watches the Rule rates",
    ),
    refuses("a dashboard's line of another region", [firewall, blocked("rate", "us-east-1")]),
    refuses("a dashboard's line of another firewall", [firewall, blocked("rate", "eu-west-1", "wall")]),
    refuses("a dashboard's time that is too short", [
      mover,
      board(["AWS/Lambda", "Errors", "FunctionName", "mover-1234567", { stat: "Sum" }], { period: 10 }),
    ]),
    allows("a figure of AWS's", mover, alarm({ ...errors, dimensions: ofMover })),
    allows("dimensions in any order", ...balancers, balancer("RequestCount", { TargetGroup, LoadBalancer })),
    allows(
      "a percentile of times",
      ...balancers,
      alarm({
        namespace: "AWS/ApplicationELB",
        metricName: "TargetResponseTime",
        dimensions: { LoadBalancer },
        statistic: undefined,
        extendedStatistic: "p99.9",
      }),
    ),
    allows("a minute of machines that are measured so", template(true), group, alarm({ ...cpu, ...ofGroup })),
    allows("a minute of a machine that is measured so", machine(true), alarm({ ...cpu, ...ofMachine })),
    allows("five minutes of any machine", template(), group, alarm({ ...cpu, ...ofGroup, period: 300 })),
    allows("a minute of a machine's status", machine(), alarm({ ...status, ...ofMachine })),
    allows("a filter's count", filter("Ours/Audit", "signed-in"), alarm(counted)),
    allows("a function's own figure", lease, writer("Groundwork/Database"), alarm(healthy)),
    refuses("a server's figure that no server writes", [server("Groundwork/Other"), group, board(memory)]),
    refuses("a server's figure in a namespace that only begins so", [server("Groundwork/Web2"), board(loop)]),
    allows("a server's own figures", server("Groundwork/Web"), group, board(memory)),
    allows("the app's own figures", server("Groundwork/Web"), board(loop)),
    allows("a dashboard's line", firewall, blocked("rate")),
    allows(
      "a dashboard without a period of its own",
      mover,
      board(["AWS/Lambda", "Errors", "FunctionName", "mover-1234567", { stat: "Sum" }]),
    ),
  ],
};
