import * as pulumi from "@pulumi/pulumi";
import { Watch } from "../watch";

/** What Step Functions tells of the projects under way; that one needs a person, the provisioner tells itself. */
export function watchProvisioner(stateMachineArn: pulumi.Input<string>): Watch {
  const of = (metricName: string) => ({
    namespace: "AWS/States",
    metricName,
    dimensions: { StateMachineArn: stateMachineArn },
    statistic: "Sum" as const,
  });
  return {
    section: {
      title: "Provisioner",
      graphs: [
        {
          title: "Projects",
          lines: [
            { ...of("ExecutionsStarted"), label: "begun" },
            { ...of("ExecutionsSucceeded"), label: "ended well" },
            { ...of("ExecutionsFailed"), label: "failed" },
            { ...of("ExecutionsTimedOut"), label: "too slow" },
          ],
        },
      ],
    },
  };
}
