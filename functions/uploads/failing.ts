import { embeddedMetric } from "../shared/embedded-metric";

/** The metric that says for how many seconds a file could not be moved. */
export const FAILING = "FailingSeconds";

/** In the format that CloudWatch extracts from a log line. */
export const failingLine = (namespace: string, functionName: string, value: number, at: number): string =>
  embeddedMetric({
    namespace,
    by: ["FunctionName", functionName],
    name: FAILING,
    value,
    unit: "Seconds",
    at,
  });
