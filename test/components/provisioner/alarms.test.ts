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

describe("what the provisioner is watched for", () => {
  it("projects that a person has to mend, functions that fail, and a request that is given up", async () => {
    assert.deepEqual(await alarmLines(monitoring), [
      "provisioner-manual: Maximum ApproximateNumberOfMessagesVisible of manual-1 above 0, 1 x 60 s",
      "provisioner-stands-still: Sum Errors of watch-1 above 0, 2 x 300 s",
      "provisioner-pushes-lost: Sum Errors of pushes-1 above 0, 1 x 300 s",
      "provisioner-domains-late: Sum Errors of domains-1 above 0, 6 x 300 s",
      "provisioner-request-lost: Sum AsyncEventsDropped of door-1 above 0, 1 x 300 s",
    ]);
  });

  it("shows what becomes of projects", () => {
    assert.deepEqual(graphLines(monitoring), [
      "Provisioner",
      "Projects: begun, ended well, failed, too slow",
    ]);
  });
});
