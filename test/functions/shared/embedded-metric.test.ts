import { strict as assert } from "node:assert";
import { embeddedMetric } from "../../../functions/shared/embedded-metric";

describe("a figure in a log line", () => {
  const figure = {
    namespace: "Groundwork/Uploads",
    by: ["Bucket", "files"] as [string, string],
    name: "Failed",
    value: 3,
    at: 1_700_000_000_000,
  };
  const read = (more: object = {}) => JSON.parse(embeddedMetric({ ...figure, ...more }));

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  it("is what CloudWatch reads out of it: a value of this name, kept by one dimension, at its time", () => {
    assert.deepEqual(read({ unit: "Count" }), {
      _aws: {
        Timestamp: 1_700_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: "Groundwork/Uploads",
            Dimensions: [["Bucket"]],
            Metrics: [{ Name: "Failed", Unit: "Count" }],
          },
        ],
      },
      Bucket: "files",
      Failed: 3,
    });
  });

  it("has no unit where none is said", () => {
    assert.deepEqual(read()._aws.CloudWatchMetrics[0].Metrics, [{ Name: "Failed" }]);
  });
});
