import { strict as assert } from "node:assert";
import { Alarms } from "../../../components/operations/alarms";
import { apiMonitoring } from "../../../components/shared/rest-api-alarms";
import { run } from "../../harness";
import { alarmLines, graphLines } from "../monitoring-lines";
import { topic } from "../operations/fixtures";

const monitoring = apiMonitoring("provisioner", "provisioner-1", "v1");

describe("the alarms and graphs of an API", () => {
  it("report its own errors", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "provisioner-api-errors: Sum AWS/ApiGateway 5XXError of ApiName provisioner-1, Stage v1 above 0, 1 x 300 s",
    ]);
    const { one } = await run(() => new Alarms("alarms", { topic: topic(), monitoring: [monitoring] }));
    const { name, inputs } = one("cloudwatch/metricAlarm:MetricAlarm");
    assert.deepEqual(
      [name, inputs.metricName, inputs.dimensions],
      ["alarms-provisioner-api-errors", "5XXError", { ApiName: "provisioner-1", Stage: "v1" }],
    );
  });

  it("show requests and latencies", async () => {
    assert.deepEqual(await graphLines(apiMonitoring("delivery", "delivery-1", "v1")), [
      "API: delivery",
      "Requests and errors",
      "  requests: Sum AWS/ApiGateway Count of ApiName delivery-1, Stage v1",
      "  4xx: Sum AWS/ApiGateway 4XXError of ApiName delivery-1, Stage v1",
      "  5xx: Sum AWS/ApiGateway 5XXError of ApiName delivery-1, Stage v1",
      "Milliseconds to answer",
      "  99 of 100: p99 AWS/ApiGateway Latency of ApiName delivery-1, Stage v1",
    ]);
  });
});
