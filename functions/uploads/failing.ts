import { embeddedMetric } from "../shared/embedded-metric";

/** The figure that says for how many seconds a file could not be moved. */
export const FAILING = "FailingSeconds";

/** As CloudWatch reads it out of a log line. */
export const failingLine = (namespace: string, functionName: string, value: number, at: number): string =>
  embeddedMetric({
    namespace,
    by: ["FunctionName", functionName],
    name: FAILING,
    value,
    unit: "Seconds",
    at,
  });
