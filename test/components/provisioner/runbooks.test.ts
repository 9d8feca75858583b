import { strict as assert } from "node:assert";
import { runbooks } from "../../../components/provisioner/runbooks";
import { run } from "../../harness";
import { some } from "../../some";

describe("the provisioner's runbooks", () => {
  it("run a shell on one server after another, found only by the tag of the project's stack", async () => {
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
    const byName = Object.fromEntries(documents);
    const commandsOf = (name: string): string[] => byName[name].mainSteps[0].inputs.Parameters.commands;
    assert.deepEqual(commandsOf("projects-restart"), ["systemctl restart project"]);
    const patch = commandsOf("projects-patch");
    const at = (what: RegExp) => patch.findIndex((line) => what.test(line));
    const [ends, installs, upgrades, restarts] = [
      at(/^set -e$/), // else a failed upgrade would pass for a done one
      at(/^dnf install .*\bdnf-plugins-core\b/),
      at(/^dnf upgrade .*--security\b/),
      at(/^dnf needs-restarting --reboothint \|\| exit 194$/), // by which the agent restarts the machine
    ];
    assert.ok(0 === ends && ends < installs && installs < upgrades && upgrades < restarts, patch.join("\n"));
    // Nobody is there to say yes, and Amazon Linux stays at the release of its image unless it is told.
    for (const line of some(patch.filter((one) => /^dnf (install|upgrade)/.test(one))))
      assert.match(line, /--assumeyes/);
    assert.match(patch[upgrades]!, /--releasever=latest/);
  });

  it("let a build choose the image of a release command, and nothing else", async () => {
    const { one } = await run(() => runbooks("projects", "gwtest", {} as never));
    const { documentType, content } = one("ssm/document:Document", "projects-release").inputs;
    const { parameters, mainSteps } = JSON.parse(content as string);
    assert.equal(documentType, "Command");
    assert.deepEqual(parameters, { Digest: { type: "String", allowedPattern: "^sha256:[0-9a-f]{64}$" } });
    assert.equal(mainSteps.length, 1);
    assert.equal(mainSteps[0].inputs.runCommand.at(-1), "/usr/local/bin/project-release '{{ Digest }}' 2>&1");
  });
});
