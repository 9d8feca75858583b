import * as pulumi from "@pulumi/pulumi";
import { Watch } from "../watch";

export interface WatchedWeb {
  /** As CloudWatch names them: the ends of the ARNs. */
  loadBalancer: pulumi.Input<string>;
  targetGroup: pulumi.Input<string>;
  groupName: pulumi.Input<string>;
}

/** What the load balancer and the group tell of the web servers, and when that needs a person. */
export function watchWeb({ loadBalancer, targetGroup, groupName }: WatchedWeb): Watch {
  const namespace = "AWS/ApplicationELB";
  const balancer = { LoadBalancer: loadBalancer };
  const servers = { LoadBalancer: loadBalancer, TargetGroup: targetGroup };
  const group = { AutoScalingGroupName: groupName };
  const appErrors = {
    namespace,
    metricName: "HTTPCode_Target_5XX_Count",
    dimensions: servers,
    statistic: "Sum",
  } as const;
  const doorErrors = {
    namespace,
    metricName: "HTTPCode_ELB_5XX_Count",
    dimensions: balancer,
    statistic: "Sum",
  } as const;
  const unhealthy = {
    namespace,
    metricName: "UnHealthyHostCount",
    dimensions: servers,
    statistic: "Maximum",
  } as const;
  const healthy = { ...unhealthy, metricName: "HealthyHostCount" } as const;
  const slowest = {
    namespace,
    metricName: "TargetResponseTime",
    dimensions: balancer,
    statistic: "p99",
  } as const;

  return {
    alarms: {
      "web-app-errors": {
        ...appErrors,
        description: "The web app answers with 5xx: read its log group",
        comparison: "above",
        threshold: 5,
        periods: 2,
      },
      "web-door-errors": {
        ...doorErrors,
        description:
          "The load balancer itself answers with 5xx: no server is healthy, or none answers in time",
        comparison: "above",
        threshold: 5,
        periods: 2,
      },
      "web-unhealthy": {
        ...unhealthy,
        description:
          "A web server has been unhealthy for ten minutes: the group does not manage to replace it",
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
        // A load balancer whose targets are all gone tells nothing at all.
        silence: "alarm",
      },
      "web-slow": {
        ...slowest,
        description: "One request in a hundred takes longer than a second",
        comparison: "above",
        threshold: 1,
        periods: 5,
      },
    },
    section: {
      title: "Web",
      graphs: [
        {
          title: "Requests and errors",
          lines: [
            { ...appErrors, metricName: "RequestCount", dimensions: balancer, label: "requests" },
            { ...appErrors, label: "5xx of the app" },
            { ...doorErrors, label: "5xx of the load balancer" },
            { ...appErrors, metricName: "HTTPCode_Target_4XX_Count", label: "4xx of the app" },
          ],
        },
        {
          title: "Seconds to answer",
          lines: [
            { ...slowest, statistic: "p50", label: "half of them" },
            { ...slowest, label: "99 of 100" },
          ],
        },
        {
          title: "Servers",
          lines: [
            { ...healthy, label: "healthy" },
            { ...unhealthy, label: "unhealthy" },
            {
              namespace: "AWS/EC2",
              metricName: "CPUUtilization",
              dimensions: group,
              statistic: "Average",
              label: "CPU %",
            },
          ],
        },
      ],
    },
  };
}
