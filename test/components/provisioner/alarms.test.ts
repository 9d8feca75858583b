import { strict as assert } from "node:assert";
import { provisionerMonitoring } from "../../../components/provisioner/alarms";
import { alarmLines, graphLines } from "../monitoring-lines";

const monitoring = provisionerMonitoring({
  stateMachineArn: "machine",
  apiFunctionName: "door-1",
  reconcileFunctionName: "watch-1",
  pushesFunctionName: "pushes-1",
  domainsFunctionName: "domains-1",
  manualQueueName: "manual-1",
});

describe("the provisioner's monitoring", () => {
  it("raises an alarm for projects that need a person, failing functions and lost requests", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "provisioner-manual: Maximum AWS/SQS ApproximateNumberOfMessagesVisible of QueueName manual-1 above 0, 1 x 60 s",
      "provisioner-stands-still: Sum AWS/Lambda Errors of FunctionName watch-1 above 0, 2 x 300 s",
      "provisioner-pushes-lost: Sum AWS/Lambda Errors of FunctionName pushes-1 above 0, 1 x 300 s",
      "provisioner-domains-late: Sum AWS/Lambda Errors of FunctionName domains-1 above 0, 6 x 300 s",
      "provisioner-request-lost: Sum AWS/Lambda AsyncEventsDropped of FunctionName door-1 above 0, 1 x 300 s",
    ]);
  });

  it("graphs how projects end", async () => {
    assert.deepEqual(await graphLines(monitoring), [
      "Provisioner",
      "Projects",
      "  begun: Sum AWS/States ExecutionsStarted of StateMachineArn machine",
      "  ended well: Sum AWS/States ExecutionsSucceeded of StateMachineArn machine",
      "  failed: Sum AWS/States ExecutionsFailed of StateMachineArn machine",
      "  too slow: Sum AWS/States ExecutionsTimedOut of StateMachineArn machine",
    ]);
  });
});
