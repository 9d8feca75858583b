interface Figure {
  namespace: string;
  /** CloudWatch's dimension: one name with its value. */
  by: [dimension: string, value: string];
  name: string;
  value: number;
  unit?: string;
  /** A metric in the format that CloudWatch extracts from a log line. */
  at: number;
}

/** A metric in the format that CloudWatch extracts from a log line. */
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
