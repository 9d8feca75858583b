import * as pulumi from "@pulumi/pulumi";
import { figuresOf, Watch } from "../watch";

export interface WatchedProvisioner {
  stateMachineArn: pulumi.Input<string>;
  /** The function that takes requests in. */
  doorName: pulumi.Input<string>;
  /** The function that carries on what waits for AWS. */
  watcherName: pulumi.Input<string>;
}

/** What Step Functions tells of the projects under way; that one needs a person, the provisioner tells itself. */
export function watchProvisioner({ stateMachineArn, doorName, watcherName }: WatchedProvisioner): Watch {
  const of = figuresOf("AWS/States", { StateMachineArn: stateMachineArn });
  const door = figuresOf("AWS/Lambda", { FunctionName: doorName });
  const watcher = figuresOf("AWS/Lambda", { FunctionName: watcherName });
  return {
    alarms: {
      "provisioner-stands-still": {
        ...watcher("Errors", "Sum"),
        description:
          "The function that carries projects on has failed for ten minutes: read its log group, provisioner-watch",
        comparison: "above",
        threshold: 0,
        periodSeconds: 300,
        periods: 2,
      },
      "provisioner-request-lost": {
        ...door("AsyncEventsDropped", "Sum"),
        description:
          "A request that was dropped into the bucket was given up: read the log group provisioner-door, then drop it again",
        comparison: "above",
        threshold: 0,
        periodSeconds: 300,
      },
    },
    section: {
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
