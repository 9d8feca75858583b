import { load } from "js-yaml";
import type { Declared } from "../../policies/declared";
import { scheduleOf } from "./schedule";
import type { RenderedStack } from "./stacks";

/** How Pulumi marks a value as secret. */
const SECRET = "4dabf18193072939515e22adb298388d";
const shown = (_: string, value: unknown) =>
  value !== null && typeof value === "object" && SECRET in value
    ? `secret ${said((value as { value?: unknown }).value)}`
    : value;
const said = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value, shown).replace(/^"(.*)"$/, "$1");
const given = (inputs: Declared["inputs"], ...keys: string[]) =>
  keys.filter((key) => inputs[key] !== undefined).map((key) => `${key} ${said(inputs[key])}`);

/** What leads from one part of a stack to another, a line each; by the type of the resource. */
const WIRES: Record<string, (inputs: Declared["inputs"]) => string[]> = {
  "aws:cloudwatch/metricAlarm:MetricAlarm": (inputs) => [
    given(
      inputs,
      ...["namespace", "metricName", "dimensions", "metricQueries", "statistic", "extendedStatistic"],
      ...["comparisonOperator", "threshold", "period", "evaluationPeriods", "datapointsToAlarm"],
      ...["treatMissingData", "alarmActions"],
    ).join(", "),
  ],
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": (inputs) => [
    given(inputs, "logGroupName", "pattern", "metricTransformation").join(", "),
  ],
  "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": (inputs) => [
    given(inputs, "logGroup", "filterPattern", "destinationArn").join(", "),
  ],
  "aws:cloudwatch/eventRule:EventRule": (inputs) =>
    given({ ...inputs, scheduleExpression: scheduleOf(inputs) }, "eventPattern", "scheduleExpression"),
  "aws:cloudwatch/eventTarget:EventTarget": (inputs) => [
    given(inputs, "rule", "arn", "input", "inputPath", "inputTransformer").join(", "),
  ],
  "aws:lambda/function:Function": ({ environment }) => settings(environment?.variables),
  "aws:lambda/callbackFunction:CallbackFunction": ({ environment }) => settings(environment?.variables),
  "aws:ec2/launchTemplate:LaunchTemplate": ({ userData }) => files(userData),
  "aws:s3/bucketNotification:BucketNotification": (inputs) =>
    given(inputs, "lambdaFunctions", "queues", "topics", "eventbridge"),
  "aws:ssm/parameter:Parameter": (inputs) => given(inputs, "value"),
};

const settings = (variables: Record<string, unknown> = {}) =>
  Object.entries(variables).map(([name, value]) => `${name}=${said(value)}`);

/** The settings that a machine's user data writes for the programs on it. */
function files(userData: string): string[] {
  const { write_files = [] } = load(Buffer.from(userData, "base64").toString()) as {
    write_files?: { path: string; content: string }[];
  };
  return write_files
    .filter((file) => /\.env$/.test(file.path))
    .flatMap(({ path, content }) =>
      content
        .trim()
        .split("\n")
        .map((line) => `${path}: ${line}`),
    );
}

/** How the parts of a stack find each other and what they tell of each other, and what the stack tells a person: sorted lines. */
export function wiringOf({ resources, outputs }: RenderedStack): string[] {
  const wires = resources.flatMap(({ type, name, inputs }) =>
    (WIRES[type]?.(inputs) ?? []).map((line) => `${type} ${name}: ${line}`),
  );
  const told = Object.entries(outputs).map(([name, value]) => `output ${name}: ${said(value)}`);
  return [...wires, ...told].sort();
}
