import { Changes } from "../../engine/types";
import { again } from "./calls";

export const cloudwatch: Changes = {
  LogGroup: {
    carries: ["retentionInDays", "skipDestroy"],
    async update(r) {
      const logs = await r.use("logs");
      const days: number = r.inputs["retentionInDays"] ?? 0;
      if (days) await logs.putRetentionPolicy({ logGroupName: r.id, retentionInDays: days });
      else await logs.deleteRetentionPolicy({ logGroupName: r.id });
    },
    remove: async (r) => (await r.use("logs")).deleteLogGroup({ logGroupName: r.id }),
  },
  LogStream: {
    remove: async (r) =>
      (await r.use("logs")).deleteLogStream({
        logGroupName: r.inputs["logGroupName"],
        logStreamName: r.id,
      }),
  },
  LogMetricFilter: {
    update: again,
    remove: async (r) =>
      (await r.use("logs")).deleteMetricFilter({
        logGroupName: r.inputs["logGroupName"],
        filterName: r.id,
      }),
  },
  LogSubscriptionFilter: {
    update: again,
    remove: async (r) =>
      (await r.use("logs")).deleteSubscriptionFilter({
        logGroupName: r.inputs["logGroup"],
        filterName: r.id,
      }),
  },
  MetricAlarm: {
    update: again,
    remove: async (r) => (await r.use("cloudwatch")).deleteAlarms({ AlarmNames: [r.id] }),
  },
  Dashboard: {
    update: again,
    remove: async (r) => (await r.use("cloudwatch")).deleteDashboards({ DashboardNames: [r.id] }),
  },
  EventRule: {
    update: again,
    remove: async (r) =>
      (await r.use("events")).deleteRule({ Name: r.id, EventBusName: r.inputs["eventBusName"] }),
  },
  EventTarget: {
    update: again,
    remove: async (r) =>
      (await r.use("events")).removeTargets({
        Rule: r.inputs["rule"],
        EventBusName: r.inputs["eventBusName"],
        Ids: [r.outputs["targetId"]],
      }),
  },
};
