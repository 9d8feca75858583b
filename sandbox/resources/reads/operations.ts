import { IF_GIVEN, Read } from "../../engine/types";

/** Monitoring and scaling. */
export const operations: Record<string, Read> = {
  "autoscaling/Group": {
    normally: {
      minSize: undefined,
      maxSize: undefined,
      desiredCapacity: IF_GIVEN,
      healthCheckGracePeriod: IF_GIVEN,
    },
    async read(r) {
      const autoscaling = await r.use("autoscaling");
      const { AutoScalingGroups } = await autoscaling.describeAutoScalingGroups({
        AutoScalingGroupNames: [r.id],
      });
      const [found] = AutoScalingGroups!;
      return {
        minSize: found!.MinSize,
        maxSize: found!.MaxSize,
        desiredCapacity: found!.DesiredCapacity,
        healthCheckGracePeriod: found!.HealthCheckGracePeriod,
      };
    },
  },
  "cloudwatch/EventRule": {
    normally: {
      ...{ description: "", eventPattern: undefined, scheduleExpression: undefined },
      state: undefined,
    },
    async read(r) {
      const { eventBusName: EventBusName, state, isEnabled } = r.inputs;
      const found = await (await r.use("events")).describeRule({ Name: r.id, EventBusName });
      const wanted = state ?? (isEnabled === false ? "DISABLED" : "ENABLED");
      return {
        description: found.Description,
        eventPattern: found.EventPattern,
        scheduleExpression: found.ScheduleExpression,
        state: found.State === wanted ? state : found.State,
      };
    },
  },
  "cloudwatch/LogGroup": {
    normally: { retentionInDays: 0 },
    async read(r) {
      const { logGroups = [] } = await (await r.use("logs")).describeLogGroups({ logGroupNamePrefix: r.id });
      const found = logGroups.find(({ logGroupName }) => logGroupName === r.id);
      return { retentionInDays: found?.retentionInDays };
    },
  },
  "cloudwatch/MetricAlarm": {
    normally: {
      ...{ actionsEnabled: true, alarmActions: [], alarmDescription: "Managed by Pulumi" },
      ...{ comparisonOperator: undefined, evaluationPeriods: undefined, okActions: [] },
      ...{ period: IF_GIVEN, statistic: IF_GIVEN, threshold: IF_GIVEN, treatMissingData: "missing" },
    },
    async read(r) {
      const cloudwatch = await r.use("cloudwatch");
      const { MetricAlarms } = await cloudwatch.describeAlarms({ AlarmNames: [r.id] });
      const found = MetricAlarms![0]!;
      return {
        actionsEnabled: found.ActionsEnabled,
        alarmActions: found.AlarmActions,
        alarmDescription: found.AlarmDescription,
        comparisonOperator: found.ComparisonOperator,
        evaluationPeriods: found.EvaluationPeriods,
        okActions: found.OKActions,
        period: found.Period,
        statistic: found.Statistic,
        threshold: found.Threshold,
        treatMissingData: found.TreatMissingData,
      };
    },
  },
};
