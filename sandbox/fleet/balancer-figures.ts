import { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { Use } from "../engine/clients";
import { Target } from "./target-group";

export interface Answered {
  loadBalancerArn: string;
  /** The target that answered; absent if the load balancer itself did. */
  targetGroupArn?: string;
  status: number;
  seconds: number;
}

/** As many values as CloudWatch accepts for one metric at once. */
const VALUES = 150;

/** Elastic Load Balancing's metrics about its requests and targets, of which it leaves out zero values. */
export class BalancerFigures {
  private answered: Answered[] = [];

  constructor(private readonly use: Use) {}

  count(one: Answered): void {
    this.answered.push(one);
  }

  async put(loadBalancerArn: string | undefined, targets: (Target & { group: string })[]): Promise<void> {
    const answered = this.answered.splice(0);
    if (!loadBalancerArn) return;
    const balancer = { Name: "LoadBalancer", Value: loadBalancerArn.split(":loadbalancer/")[1]! };
    const group = (arn: string) => ({ Name: "TargetGroup", Value: arn.split(":").at(-1)! });
    const Timestamp = new Date();
    const count = (MetricName: string, Dimensions: MetricDatum["Dimensions"], Value: number) => ({
      ...{ MetricName, Dimensions, Value, Timestamp, Unit: "Count" as const },
    });
    const failed = answered.filter(({ status }) => status >= 500);
    const own = failed.filter(({ targetGroupArn }) => !targetGroupArn).length;
    const seconds = answered.filter((one) => one.targetGroupArn).map((one) => one.seconds);
    const groups = [...new Set(targets.map((one) => one.group))];
    const data: MetricDatum[] = [
      ...(answered.length > 0 ? [count("RequestCount", [balancer], answered.length)] : []),
      ...(own > 0 ? [count("HTTPCode_ELB_5XX_Count", [balancer], own)] : []),
      ...(seconds.length > 0
        ? [
            {
              MetricName: "TargetResponseTime",
              Dimensions: [balancer],
              Values: seconds.slice(0, VALUES),
              Timestamp,
              Unit: "Seconds" as const,
            },
          ]
        : []),
      ...groups.flatMap((arn) => {
        const by = [balancer, group(arn)];
        const mine = targets.filter((one) => one.group === arn);
        const healthy = mine.filter(({ health }) => health === "healthy").length;
        const unhealthy = mine.filter(({ health }) => health === "unhealthy").length;
        const errors = failed.filter(({ targetGroupArn }) => targetGroupArn === arn).length;
        return [
          count("HealthyHostCount", by, healthy),
          count("UnHealthyHostCount", by, unhealthy),
          ...(errors > 0 ? [count("HTTPCode_Target_5XX_Count", by, errors)] : []),
        ];
      }),
    ];
    if (data.length === 0) return;
    const cloudwatch = await this.use("cloudwatch");
    await cloudwatch.putMetricData({ Namespace: "AWS/ApplicationELB", MetricData: data });
  }
}
