import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Monitoring } from "../shared/monitoring";
import { NAMESPACE } from "./metrics";

export interface WatchedWeb {
  /** The names in CloudWatch: the ends of the ARNs. */
  loadBalancer: pulumi.Input<string>;
  targetGroup: pulumi.Input<string>;
  groupName: pulumi.Input<string>;
  /** The minimum number of servers. */
  minSize: number;
}

/** What the load balancer and the group report about the web servers, and when that needs a person. */
export function webMonitoring({ loadBalancer, targetGroup, groupName, minSize }: WatchedWeb): Monitoring {
  const balancer = figuresOf("AWS/ApplicationELB", { LoadBalancer: loadBalancer });
  const servers = figuresOf("AWS/ApplicationELB", { LoadBalancer: loadBalancer, TargetGroup: targetGroup });
  const machines = figuresOf("AWS/EC2", { AutoScalingGroupName: groupName });
  const inside = figuresOf(NAMESPACE, { AutoScalingGroupName: groupName });
  const app = figuresOf(NAMESPACE, { Service: "web" });
  const appErrors = servers("HTTPCode_Target_5XX_Count", "Sum");
  const doorErrors = balancer("HTTPCode_ELB_5XX_Count", "Sum");
  const unhealthy = servers("UnHealthyHostCount", "Maximum");
  const healthy = servers("HealthyHostCount", "Maximum");
  const slowest = balancer("TargetResponseTime", "p99");

  return {
    alarms: {
      "web-app-errors": {
        ...appErrors,
        description: "The web app answers with 5xx: read its log group",
        comparison: "above",
        threshold: 5,
        periods: 2,
      },
      "web-balancer-errors": {
        ...doorErrors,
        description:
          "The load balancer itself answers with 5xx: no server is healthy, or none responds in time",
        comparison: "above",
        threshold: 5,
        periods: 2,
      },
      "web-unhealthy": {
        ...unhealthy,
        description:
          "A web server has been unhealthy for ten minutes: the group has not managed to replace it",
        comparison: "above",
        threshold: 0,
        periods: 10,
      },
      "web-down": {
        ...healthy,
        description: "No web server is healthy: the site is down",
        comparison: "below",
        threshold: 1,
        periods: 2,
        // Without any targets, a load balancer reports nothing at all.
        silence: "alarm",
      },
      ...(minSize > 1 && {
        "web-few": {
          ...healthy,
          description: `Fewer than ${minSize} web servers have been healthy for a quarter of an hour: the group's activity says why no new one starts`,
          comparison: "below" as const,
          threshold: minSize,
          periods: 15,
        },
      }),
      "web-slow": {
        ...slowest,
        description: "One request in a hundred takes longer than a second",
        comparison: "above",
        threshold: 1,
        periods: 5,
      },
    },
    events: {
      // Includes a server that its launch hook abandons.
      "web-launch-failed": {
        description:
          "A web server could not be started, and Auto Scaling is trying again: the group's activity and the web log group's streams boot/ say why",
        pattern: {
          source: ["aws.autoscaling"],
          "detail-type": ["EC2 Instance Launch Unsuccessful"],
          detail: { AutoScalingGroupName: [groupName] },
        },
      },
      "web-refresh-failed": {
        description:
          "New web servers did not become healthy, so the old ones stay: the web log group's streams boot/ say why; " +
          "new servers start from the new template, so fix or revert it, and run npm run up",
        pattern: {
          source: ["aws.autoscaling"],
          "detail-type": ["EC2 Auto Scaling Instance Refresh Failed"],
          detail: { AutoScalingGroupName: [groupName] },
        },
      },
    },
    dashboard: {
      title: "Web",
      graphs: [
        {
          title: "Requests and errors",
          lines: [
            { ...balancer("RequestCount", "Sum"), label: "requests" },
            { ...appErrors, label: "5xx of the app" },
            { ...doorErrors, label: "5xx of the load balancer" },
            { ...servers("HTTPCode_Target_4XX_Count", "Sum"), label: "4xx of the app" },
          ],
        },
        {
          title: "Seconds to answer",
          lines: [
            { ...balancer("TargetResponseTime", "p50"), label: "half of them" },
            { ...slowest, label: "99 of 100" },
          ],
        },
        {
          title: "Servers",
          lines: [
            { ...healthy, label: "healthy" },
            { ...unhealthy, label: "unhealthy" },
            { ...machines("CPUUtilization", "Average"), label: "CPU %" },
          ],
        },
        {
          title: "Fullest and slowest server, in %",
          lines: [
            { ...inside("mem_used_percent", "Maximum"), label: "memory" },
            { ...inside("cpu_usage_iowait", "Maximum"), label: "waiting for its disk" },
          ],
        },
        {
          title: "Milliseconds in the app",
          lines: [
            { ...app("Latency", "p50"), label: "half of the requests" },
            { ...app("Latency", "p99"), label: "99 of 100" },
            { ...app("EventLoopDelay", "Maximum"), label: "event loop held up" },
          ],
        },
      ],
    },
  };
}
