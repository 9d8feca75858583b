import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { Stage } from "./stage";

/**
 * Reports to the sandbox that the servers are this busy, for the minutes that an alarm looks at: a shared machine has no processors to spare for
 * them. Each report outweighs everything that was measured or reported before.
 */
export class PretendedCpu {
  private weight = 1e5;

  constructor(private readonly stage: Stage) {}

  async is(percent: number): Promise<void> {
    this.weight *= 1e3;
    const { region, outputs } = this.stage;
    const figure = {
      SampleCount: this.weight,
      Sum: this.weight * percent,
      Minimum: percent,
      Maximum: percent,
    };
    const minutes = [0, 1, 2, 3].map((back) => new Date(Date.now() - back * 60_000));
    await new CloudWatch({ region }).putMetricData({
      Namespace: "AWS/EC2",
      MetricData: minutes.map((Timestamp) => ({
        MetricName: "CPUUtilization",
        Dimensions: [{ Name: "AutoScalingGroupName", Value: outputs["webGroupName"] }],
        ...{ Unit: "Percent" as const, Timestamp, StatisticValues: figure },
      })),
    });
  }
}
