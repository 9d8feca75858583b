import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow, serviceRole } from "../shared/permissions";
import { here } from "../shared/here";

/** The commands that run on the servers of one project. */
const RUNBOOKS = {
  restart: {
    description: "Restarts the container of a project",
    commands: ["systemctl restart project"],
  },
  patch: {
    description: "Installs the security updates on a project's servers, and reboots them where needed",
    // With dnf, because Patch Manager would need more permissions on each server.
    commands: [
      "set -e",
      "dnf install --assumeyes dnf-plugins-core",
      "dnf upgrade --assumeyes --security --releasever=latest",
      // On exit code 194, the agent reboots the server and starts the commands again; the second time nothing is left to do.
      "dnf needs-restarting --reboothint || exit 194",
    ],
  },
};
const SHELL = "AWS-RunShellScript";

/**
 * A build uses this document to run the release command on one of its project's servers. It passes an image digest and nothing
 * else: the server itself determines the command and the repository.
 */
const RELEASE = {
  schemaVersion: "2.2",
  description: "Runs a project's release command in an image that does not serve yet",
  parameters: { Digest: { type: "String", allowedPattern: "^sha256:[0-9a-f]{64}$" } },
  mainSteps: [
    {
      action: "aws:runShellScript",
      name: "release",
      inputs: {
        timeoutSeconds: "2400",
        runCommand: [
          // A new server accepts commands before its own script has installed this one.
          "for try in $(seq 60); do [ -x /usr/local/bin/project-release ] && break; sleep 5; done",
          "/usr/local/bin/project-release '{{ Digest }}' 2>&1",
        ],
      },
    },
  ],
};

export type Runbooks = Record<keyof typeof RUNBOOKS, aws.ssm.Document>;

/** SSM Automation runbooks, which find a project's servers by the tag of its stack. */
export function runbooks(name: string, prefix: string, parent: { parent: pulumi.Resource }) {
  const at = here(parent);
  const role = serviceRole(
    `${name}-runbooks`,
    {
      service: "ssm.amazonaws.com",
      permissions: [
        allow(["ssm:SendCommand"], pulumi.interpolate`arn:aws:ssm:${at.region}::document/${SHELL}`),
        allow(["ssm:SendCommand"], at.arn("ec2", "instance/*"), {
          StringLike: { "ssm:resourceTag/groundwork:stack": `${prefix}-*` },
        }),
        allow(["ssm:ListCommands", "ssm:ListCommandInvocations", "ssm:DescribeInstanceInformation"], "*"), // * because these calls list resources
      ],
    },
    parent,
  );
  const documents = Object.entries(RUNBOOKS).map(([runbook, { description, commands }]) => [
    runbook,
    new aws.ssm.Document(
      `${name}-${runbook}`,
      {
        documentType: "Automation",
        documentFormat: "JSON",
        content: pulumi.jsonStringify({
          schemaVersion: "0.3",
          description,
          assumeRole: role.arn,
          parameters: { Stack: { type: "String", allowedPattern: `^${prefix}-[a-z0-9]{10}$` } },
          mainSteps: [
            {
              name: runbook,
              action: "aws:runCommand",
              timeoutSeconds: 3600,
              inputs: {
                DocumentName: SHELL,
                Targets: [{ Key: "tag:groundwork:stack", Values: ["{{ Stack }}"] }],
                Parameters: { commands },
                MaxConcurrency: "1",
                MaxErrors: "0",
              },
            },
          ],
        }),
      },
      parent,
    ),
  ]);
  const release = new aws.ssm.Document(
    `${name}-release`,
    { documentType: "Command", documentFormat: "JSON", content: JSON.stringify(RELEASE) },
    parent,
  );
  return { documents: Object.fromEntries(documents) as Runbooks, release, roleArn: role.arn };
}
