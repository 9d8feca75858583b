import { strict as assert } from "node:assert";
import { embeddedMetric } from "../../../functions/shared/embedded-metric";

describe("a metric in a log line", () => {
  const figure = {
    namespace: "Groundwork/Uploads",
    by: ["Bucket", "files"] as [string, string],
    name: "Failed",
    value: 3,
    at: 1_700_000_000_000,
  };
  const read = (more: object = {}) => JSON.parse(embeddedMetric({ ...figure, ...more }));

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  it("is read by CloudWatch as a value with this name, one dimension and its time", () => {
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

  it("has no unit if none is given", () => {
    assert.deepEqual(read()._aws.CloudWatchMetrics[0].Metrics, [{ Name: "Failed" }]);
  });
});
