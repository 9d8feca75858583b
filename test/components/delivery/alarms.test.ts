import { strict as assert } from "node:assert";
import { deliveryMonitoring } from "../../../components/delivery/alarms";
import { alarmLines, eventPatterns } from "../monitoring-lines";

const watched = (approval: boolean) =>
  deliveryMonitoring({
    pipelineName: "pipeline-1",
    applicationName: "application-1",
    markerName: "marker-1",
    approval,
  });

describe("the alarms of the delivery", () => {
  it("report a release that no rollback would find", async () => {
    assert.deepEqual(await alarmLines(watched(true)), [
      "release-unmarked: Sum AWS/Lambda Errors of FunctionName marker-1 above 0, 1 x 300 s",
    ]);
  });

  it("report failed runs and deployments, and pending approvals if approval is on", async () => {
    const pipeline = (type: string, detail: object) => ({
      source: ["aws.codepipeline"],
      "detail-type": [`CodePipeline ${type} Execution State Change`],
      detail: { pipeline: ["pipeline-1"], ...detail },
    });
    const failed = {
      "delivery-run-failed": pipeline("Pipeline", { state: ["FAILED"] }),
      "delivery-deployment-failed": {
        source: ["aws.codedeploy"],
        "detail-type": ["CodeDeploy Deployment State-change Notification"],
        detail: { application: ["application-1"], state: ["FAILURE", "STOP"] },
      },
    };
    assert.deepEqual(await eventPatterns(watched(false)), failed);
    assert.deepEqual(await eventPatterns(watched(true)), {
      ...failed,
      "delivery-approval": pipeline("Action", { state: ["STARTED"], type: { category: ["Approval"] } }),
    });
  });
});
