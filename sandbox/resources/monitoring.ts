import { asList, omit, pascal, pick, tagList } from "../engine/shape";
import { Inputs, Table } from "../engine/types";

/** Logs, alarms, event rules and dashboards, on MiniStack. */
export const cloudwatch: Table = {
  LogGroup: async (r) => {
    const logs = await r.use("logs");
    const name = r.physicalName(r.inputs["name"], 512);
    await logs.createLogGroup({
      logGroupName: name,
      kmsKeyId: r.inputs["kmsKeyId"],
      logGroupClass: r.inputs["logGroupClass"],
      tags: r.tags,
    });
    const days: number | undefined = r.inputs["retentionInDays"];
    if (days) await logs.putRetentionPolicy({ logGroupName: name, retentionInDays: days });
    return { id: name, outputs: { name, arn: r.arn("logs", `log-group:${name}`) } };
  },

  LogStream: async (r) => {
    const logs = await r.use("logs");
    const name = r.physicalName(r.inputs["name"], 512);
    await logs.createLogStream({ logGroupName: r.inputs["logGroupName"], logStreamName: name });
    return {
      id: name,
      outputs: { name, arn: r.arn("logs", `log-group:${r.inputs["logGroupName"]}:log-stream:${name}`) },
    };
  },

  LogMetricFilter: async (r) => {
    const logs = await r.use("logs");
    const { name: given, pattern, logGroupName, metricTransformation } = r.inputs;
    const name = r.physicalName(given, 512);
    await logs.putMetricFilter({
      filterName: name,
      filterPattern: pattern,
      logGroupName,
      metricTransformations: asList<Inputs>(metricTransformation).map((one) => ({
        metricName: one["name"],
        metricNamespace: one["namespace"],
        metricValue: one["value"],
        defaultValue: one["defaultValue"] === undefined ? undefined : Number(one["defaultValue"]),
        unit: one["unit"],
        dimensions: one["dimensions"],
      })),
    });
    return { id: name, outputs: { name } };
  },

  LogSubscriptionFilter: async (r) => {
    const logs = await r.use("logs");
    const { name: given, logGroup, destinationArn, filterPattern, roleArn, distribution } = r.inputs;
    const name = r.physicalName(given, 512);
    await logs.putSubscriptionFilter({
      filterName: name,
      logGroupName: logGroup,
      destinationArn,
      filterPattern: filterPattern ?? "",
      roleArn,
      distribution,
    });
    return { id: name, outputs: { name } };
  },

  MetricAlarm: async (r) => {
    const cloudwatch = await r.use("cloudwatch");
    const { name: given, dimensions, metricQueries, okActions, ...rest } = omit(r.inputs);
    const name = r.physicalName(given, 255);
    await cloudwatch.putMetricAlarm({
      AlarmName: name,
      ...pascal(omit(rest, "alarmDescription", "evaluateLowSampleCountPercentiles")),
      AlarmDescription: rest["alarmDescription"] ?? "Managed by Pulumi",
      OKActions: okActions,
      Dimensions: Object.entries((dimensions ?? {}) as Record<string, string>).map(([Name, Value]) => ({
        Name,
        Value,
      })),
      Metrics: metricQueries && asList<Inputs>(metricQueries).map(metricQuery),
      Tags: tagList(r.tags),
    } as never);
    return { id: name, outputs: { name, arn: r.arn("cloudwatch", `alarm:${name}`) } };
  },

  Dashboard: async (r) => {
    const cloudwatch = await r.use("cloudwatch");
    const { dashboardName, dashboardBody } = r.inputs;
    await cloudwatch.putDashboard({ DashboardName: dashboardName, DashboardBody: dashboardBody });
    return {
      id: dashboardName,
      outputs: { dashboardArn: r.arn("cloudwatch", `dashboard/${dashboardName}`, { region: "" }) },
    };
  },

  EventRule: async (r) => {
    const events = await r.use("events");
    const i = r.inputs;
    const name = r.physicalName(i["name"]);
    const { RuleArn } = await events.putRule({
      Name: name,
      ...pascal(pick(i, "eventPattern", "scheduleExpression", "roleArn", "eventBusName")),
      Description: i["description"] ?? "", // MiniStack keeps the previous one if none is named
      State: i["state"] ?? (i["isEnabled"] === false ? "DISABLED" : "ENABLED"),
      Tags: tagList(r.tags),
    });
    return { id: name, outputs: { name, arn: RuleArn, eventBusName: i["eventBusName"] ?? "default" } };
  },

  EventTarget: async (r) => {
    const events = await r.use("events");
    const i = r.inputs;
    const targetId = r.physicalName(i["targetId"]);
    const { FailedEntries } = await events.putTargets({
      Rule: i["rule"],
      EventBusName: i["eventBusName"],
      Targets: [
        {
          Id: targetId,
          Arn: i["arn"],
          RoleArn: i["roleArn"],
          Input: i["input"],
          InputPath: i["inputPath"],
          InputTransformer: i["inputTransformer"] && {
            InputPathsMap: i["inputTransformer"].inputPaths,
            InputTemplate: i["inputTransformer"].inputTemplate,
          },
          RetryPolicy: i["retryPolicy"] && pascal(i["retryPolicy"]),
          DeadLetterConfig: i["deadLetterConfig"] && pascal(i["deadLetterConfig"]),
          SqsParameters: i["sqsTarget"] && pascal(i["sqsTarget"]),
        },
      ],
    });
    if (FailedEntries?.[0]) throw new Error(FailedEntries[0].ErrorMessage);
    return { id: `${i["rule"]}-${targetId}`, outputs: { targetId } };
  },
};

function metricQuery({ id, expression, label, returnData, metric, accountId, period }: Inputs) {
  return {
    Id: id,
    Expression: expression,
    Label: label,
    ReturnData: returnData,
    AccountId: accountId,
    Period: period,
    MetricStat: metric && {
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.metricName,
        Dimensions: Object.entries((metric.dimensions ?? {}) as Record<string, string>).map(
          ([Name, Value]) => ({ Name, Value }),
        ),
      },
      Period: metric.period,
      Stat: metric.stat,
      Unit: metric.unit,
    },
  };
}
