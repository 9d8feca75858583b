import { each, Rules } from "../rule";

const DAY = 86_400;
const WEEK = 7 * DAY;
const HOUR = 3_600;

const isPeriod = (seconds: number) => [10, 20, 30].includes(seconds) || seconds % 60 === 0;

export const alarmTimeRules: Rules = {
  "evaluates alarms over periods that CloudWatch accepts": each(
    ["aws:cloudwatch/metricAlarm:MetricAlarm"],
    ({ inputs: { period, evaluationPeriods: periods, datapointsToAlarm: points } }) => {
      const most = period < HOUR ? DAY : WEEK;
      if (points > periods) return `needs ${points} of ${periods} periods`;
      if (typeof period !== "number") return;
      if (!isPeriod(period))
        return `has a period of ${period} seconds, which is neither 10, 20 or 30 nor a multiple of 60`;
      return (
        period * periods > most &&
        `looks back ${period * periods} seconds, where CloudWatch accepts at most ${most}`
      );
    },
  ),
};
