import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Monitoring } from "../shared/monitoring";

export interface WatchedProvisioner {
  stateMachineArn: pulumi.Input<string>;
  /** The function that accepts requests. */
  apiFunctionName: pulumi.Input<string>;
  /** The function that continues projects which wait for AWS. */
  reconcileFunctionName: pulumi.Input<string>;
  /** The function that receives pushes from Git hosts. */
  pushesFunctionName: pulumi.Input<string>;
  /** The function that looks after the teams' own domain names. */
  domainsFunctionName: pulumi.Input<string>;
  /** The queue of projects that need a person. */
  manualQueueName: pulumi.Input<string>;
}

/** What Step Functions reports about running projects, and when a person has to act. */
export function provisionerMonitoring({
  stateMachineArn,
  apiFunctionName,
  reconcileFunctionName,
  pushesFunctionName,
  domainsFunctionName,
  manualQueueName,
}: WatchedProvisioner): Monitoring {
  const of = figuresOf("AWS/States", { StateMachineArn: stateMachineArn });
  const ofFunction = (FunctionName: pulumi.Input<string>) => figuresOf("AWS/Lambda", { FunctionName });
  return {
    alarms: {
      "provisioner-manual": {
        ...figuresOf("AWS/SQS", { QueueName: manualQueueName })(
          "ApproximateNumberOfMessagesVisible",
          "Maximum",
        ),
        description: "A project's compensation failed: docs/provisioner.md says how to resume it",
        comparison: "above",
        threshold: 0,
      },
      "provisioner-stands-still": {
        ...ofFunction(reconcileFunctionName)("Errors", "Sum"),
        description:
          "The function that moves projects forward has been failing for ten minutes: read its log group, provisioner-reconcile",
        comparison: "above",
        threshold: 0,
        periodSeconds: 300,
        periods: 2,
      },
      "provisioner-pushes-lost": {
        ...ofFunction(pushesFunctionName)("Errors", "Sum"),
        description:
          "A team's push was not processed, and the Git host does not send it again: read the log group provisioner-pushes, then redeliver it from the webhook or push again",
        comparison: "above",
        threshold: 0,
        periodSeconds: 300,
      },
      "provisioner-domains-late": {
        ...ofFunction(domainsFunctionName)("Errors", "Sum"),
        description:
          "The function that handles custom domains has been failing for half an hour: no certificate is requested or deleted. Read the log group provisioner-domains",
        comparison: "above",
        threshold: 0,
        periodSeconds: 300,
        periods: 6,
      },
      "provisioner-request-lost": {
        ...ofFunction(apiFunctionName)("AsyncEventsDropped", "Sum"),
        description:
          "A request uploaded to the bucket was abandoned: read the log group provisioner-api, then upload it again",
        comparison: "above",
        threshold: 0,
        periodSeconds: 300,
      },
    },
    dashboard: {
      title: "Provisioner",
      graphs: [
        {
          title: "Projects",
          lines: [
            { ...of("ExecutionsStarted", "Sum"), label: "begun" },
            { ...of("ExecutionsSucceeded", "Sum"), label: "ended well" },
            { ...of("ExecutionsFailed", "Sum"), label: "failed" },
            { ...of("ExecutionsTimedOut", "Sum"), label: "too slow" },
          ],
        },
      ],
    },
  };
}
