import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { messageOf } from "../../sandbox/problem";

/** What AWS reports about the group at one moment. */
export interface Look {
  /** Seconds since the start. */
  at: number;
  wanted: number;
  inService: number;
  /** The state of each alarm on the group. */
  alarms: Record<string, string>;
}

export interface CpuPoint {
  at: number;
  percent: number;
}

/** The Auto Scaling group behind a site, as AWS's APIs report it. */
export class Surroundings {
  readonly looks: Look[] = [];
  /** The first thing that AWS refused to report. */
  problem?: string;
  private readonly autoscaling: AutoScaling;
  private readonly cloudwatch: CloudWatch;

  constructor(
    private readonly group: string,
    region: string | undefined,
    /** EC2 measures by the minute; the sandbox, every few seconds. */
    private readonly periodSeconds: number,
  ) {
    const options = { ...(region && { region }), maxAttempts: 2 };
    this.autoscaling = new AutoScaling(options);
    this.cloudwatch = new CloudWatch(options);
  }

  async look(at: number): Promise<void> {
    try {
      const { AutoScalingGroups } = await this.autoscaling.describeAutoScalingGroups({
        AutoScalingGroupNames: [this.group],
      });
      const group = AutoScalingGroups?.[0];
      if (!group) throw new Error(`there is no Auto Scaling group ${this.group}`);
      const inService = (group.Instances ?? []).filter((one) => one.LifecycleState === "InService").length;
      this.looks.push({ at, wanted: group.DesiredCapacity ?? 0, inService, alarms: await this.alarms() });
    } catch (error) {
      this.problem ??= messageOf(error);
    }
  }

  /** The group's average in each period since the start. */
  async cpu(started: Date): Promise<CpuPoint[]> {
    try {
      const { Datapoints = [] } = await this.cloudwatch.getMetricStatistics({
        Namespace: "AWS/EC2",
        MetricName: "CPUUtilization",
        Dimensions: [{ Name: "AutoScalingGroupName", Value: this.group }],
        StartTime: started,
        EndTime: new Date(),
        Period: this.periodSeconds,
        Statistics: ["Average"],
      });
      return Datapoints.map(({ Timestamp, Average }) => ({
        at: (Timestamp!.getTime() - started.getTime()) / 1_000,
        percent: Average!,
      })).sort((a, b) => a.at - b.at);
    } catch (error) {
      this.problem ??= messageOf(error);
      return [];
    }
  }

  private async alarms(): Promise<Record<string, string>> {
    const { MetricAlarms = [] } = await this.cloudwatch.describeAlarmsForMetric({
      Namespace: "AWS/EC2",
      MetricName: "CPUUtilization",
      Dimensions: [{ Name: "AutoScalingGroupName", Value: this.group }],
    });
    return Object.fromEntries(
      MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName!, StateValue!] as const).sort(([a], [b]) =>
        a.localeCompare(b),
      ),
    );
  }
}
