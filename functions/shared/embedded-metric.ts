interface Figure {
  namespace: string;
  /** By what CloudWatch keeps it: one name with its value. */
  by: [dimension: string, value: string];
  name: string;
  value: number;
  unit?: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** A figure as CloudWatch reads it out of a log line. */
export const embeddedMetric = ({ namespace, by: [dimension, of], name, value, unit, at }: Figure): string =>
  JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        { Namespace: namespace, Dimensions: [[dimension]], Metrics: [{ Name: name, Unit: unit }] },
      ],
    },
    [dimension]: of,
    [name]: value,
  });
