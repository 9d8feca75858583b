import { strict as assert } from "node:assert";
import { runbooks } from "../../../components/provisioner/runbooks";
import { run } from "../../harness";
import { some } from "../../some";

describe("the provisioner's runbooks", () => {
  it("run a shell on one server after the other, found by the tag of the project's stack alone", async () => {
    const { all } = await run(() => runbooks("projects", "gwtest", {} as never));
    const automations = all("ssm/document:Document").filter(({ name }) => name !== "projects-release");
    const documents = automations.map(({ name, inputs }) => {
      assert.deepEqual([inputs["documentType"], inputs["documentFormat"]], ["Automation", "JSON"]);
      return [name, JSON.parse(inputs["content"] as string)] as const;
    });
    assert.deepEqual(
      documents.map(([name]) => name),
      ["projects-restart", "projects-patch"],
    );
    for (const [, { schemaVersion, assumeRole, parameters, mainSteps }] of some(documents)) {
      assert.equal(schemaVersion, "0.3");
      assert.match(assumeRole, /^arn:aws:iam::\d+:role\/projects-runbooks/);
      assert.deepEqual(parameters, { Stack: { type: "String", allowedPattern: "^gwtest-[a-z0-9]{10}$" } });
      const [{ action, inputs }] = mainSteps;
      assert.equal(action, "aws:runCommand");
      assert.deepEqual(
        { ...inputs, Parameters: undefined },
        {
          DocumentName: "AWS-RunShellScript",
          Targets: [{ Key: "tag:groundwork:stack", Values: ["{{ Stack }}"] }],
          Parameters: undefined,
          MaxConcurrency: "1",
          MaxErrors: "0",
        },
      );
    }
    const commandsOf = (index: number) => documents[index]![1].mainSteps[0].inputs.Parameters.commands;
    assert.deepEqual(commandsOf(0), ["systemctl restart project"]);
    assert.deepEqual(commandsOf(1), [
      "set -e",
      "dnf install --assumeyes dnf-plugins-core",
      "dnf upgrade --assumeyes --security --releasever=latest",
      "dnf needs-restarting --reboothint || exit 194",
    ]);
  });

  it("let a build name the image of a release command, and neither what is run nor anything else", async () => {
    const { one } = await run(() => runbooks("projects", "gwtest", {} as never));
    const { documentType, content } = one("ssm/document:Document", "projects-release").inputs;
    const { parameters, mainSteps } = JSON.parse(content as string);
    assert.equal(documentType, "Command");
    assert.deepEqual(parameters, { Digest: { type: "String", allowedPattern: "^sha256:[0-9a-f]{64}$" } });
    assert.equal(mainSteps.length, 1);
    assert.equal(mainSteps[0].inputs.runCommand.at(-1), "/usr/local/bin/project-release '{{ Digest }}' 2>&1");
  });
});
