/** The figure that says for how many seconds a file could not be moved. */
export const FAILING = "FailingSeconds";

/** As CloudWatch reads it out of a log line. */
export const failingLine = (namespace: string, functionName: string, seconds: number, at: number): string =>
  JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [["FunctionName"]],
          Metrics: [{ Name: FAILING, Unit: "Seconds" }],
        },
      ],
    },
    FunctionName: functionName,
    [FAILING]: seconds,
  });
