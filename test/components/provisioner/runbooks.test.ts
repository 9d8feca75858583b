import { strict as assert } from "node:assert";
import { runbooks } from "../../../components/provisioner/runbooks";
import { run } from "../../harness";
import { some } from "../../some";

describe("the provisioner's runbooks", () => {
  it("run a shell on one server after the other, found by the tag of the project's stack alone", async () => {
    const { all } = await run(() => runbooks("projects", "gwtest", {} as never));
    const documents = all("ssm/document:Document").map(({ name, inputs }) => {
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
});
