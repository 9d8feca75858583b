import * as pulumi from "@pulumi/pulumi";
import { EventAlarm, figuresOf, MetricAlarm, Monitoring } from "../shared/monitoring";

export interface WatchedDelivery {
  pipelineName: pulumi.Input<string>;
  applicationName: pulumi.Input<string>;
  /** The function that marks a release as soon as it runs on every server. */
  markerName: pulumi.Input<string>;
  /** Whether the pipeline asks for an approval. */
  approval: boolean;
}

/** A rollback skips a release that is not marked as having run everywhere. */
const alarms = ({ markerName }: WatchedDelivery): Record<string, MetricAlarm> => ({
  "release-unmarked": {
    ...figuresOf("AWS/Lambda", { FunctionName: markerName })("Errors", "Sum"),
    description:
      "A release has reached every server but could not be marked, so no rollback can find it: read the marking function's log group",
    comparison: "above",
    threshold: 0,
    periodSeconds: 300,
  },
});

/** Each failed run or deployment, rollbacks included, and each approval that is pending. */
const events = (watched: WatchedDelivery): Record<string, EventAlarm> => ({
  "delivery-run-failed": {
    description: "A run of the delivery pipeline has failed: see its execution in the console",
    pattern: {
      source: ["aws.codepipeline"],
      "detail-type": ["CodePipeline Pipeline Execution State Change"],
      detail: { pipeline: [watched.pipelineName], state: ["FAILED"] },
    },
  },
  "delivery-deployment-failed": {
    description:
      "A deployment to the web servers has failed or was stopped; CodeDeploy restores the previous release",
    pattern: {
      source: ["aws.codedeploy"],
      "detail-type": ["CodeDeploy Deployment State-change Notification"],
      detail: { application: [watched.applicationName], state: ["FAILURE", "STOP"] },
    },
  },
  ...(watched.approval && {
    "delivery-approval": {
      description: "An execution of the delivery pipeline is waiting for approval",
      pattern: {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Action Execution State Change"],
        detail: { pipeline: [watched.pipelineName], state: ["STARTED"], type: { category: ["Approval"] } },
      },
    },
  }),
});

export const deliveryMonitoring = (watched: WatchedDelivery): Monitoring => ({
  alarms: alarms(watched),
  events: events(watched),
});
