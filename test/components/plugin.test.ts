import { strict as assert } from "node:assert";
import * as path from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { some } from "../some";

const PLUGIN = path.join(__dirname, "../../plugin");

/** What programs in other languages get, with an argument of each that must be among them. */
const OFFERED = {
  AccessLogs: "expireDays",
  AlarmTopic: "emails",
  AuditTrail: "objectEvents",
  BackupPlan: "resourceArns",
  BakedImage: "network",
  Bastion: "network",
  Budget: "monthlyUsd",
  FileUploads: "malwareScan",
  GithubOidc: "repository",
  LogExport: "logGroups",
  Network: "egress",
  UserPool: "mfa",
  WebFirewall: "protects",
  WebImage: "dockerfile",
};

describe("the plugin for programs in other languages", function () {
  this.timeout(60_000);

  it("offers each component whose arguments Pulumi's own analyzer can tell", () => {
    const names = new Set(Object.keys(OFFERED));
    const { components } = new Analyzer(
      PLUGIN,
      "groundwork",
      { name: "groundwork", main: "index.ts" },
      names,
    ).analyze();
    assert.deepEqual(Object.keys(components).sort(), Object.keys(OFFERED));
    for (const [name, argument] of some(Object.entries(OFFERED)))
      assert.ok(argument in components[name]!.inputs, `${name} lacks ${argument}`);
    const outputs = Object.values(components).flatMap((one) => Object.keys(one.outputs));
    assert.deepEqual(
      outputs.filter((output) => !/^[a-z]\w*$/i.test(output)),
      [],
    );
  });
});
