import { strict as assert } from "node:assert";
import * as path from "node:path";
import { load } from "js-yaml";
import { instanceScript, InstanceScriptArgs } from "../../../components/web/instance-script";
import { cloudInitSchema, shellcheckUserData, whenThere } from "../../tools";
import { checksUserData } from "../../user-data";

const args: InstanceScriptArgs = {
  region: "eu-west-1",
  image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:abc",
  port: 8080,
  environment: { AWS_REGION: "eu-west-1", GREETING: "two words" },
  logGroup: "web-log",
  metricsNamespace: "Groundwork/Web",
  metricsSeconds: 60,
  traced: false,
  codeDeploy: true,
  launchHook: "app-answers",
};

const fileOf = (text: string, name: string) =>
  (load(text) as { write_files: { path: string; content: string }[] }).write_files.find(
    (f) => f.path === name,
  )!.content;

describe("the user data of a web server", () => {
  checksUserData(() => instanceScript(args), path.join(__dirname, "instance-script.golden"));

  it("leaves out the release agent if there are no releases", () => {
    const boot = fileOf(instanceScript({ ...args, codeDeploy: false }), "/usr/local/sbin/groundwork-boot");
    assert.doesNotMatch(boot, /codedeploy|ruby/);
  });

  it("makes the agent accept the app's traces if tracing is on", () => {
    const agent = (traced: boolean) =>
      JSON.parse(
        fileOf(instanceScript({ ...args, traced }), "/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json"),
      );
    assert.deepEqual(agent(true).traces, {
      traces_collected: { otlp: { http_endpoint: "127.0.0.1:4318" } },
    });
    assert.ok(!("traces" in agent(false)));
  });

  it("gives the app its environment and its port", () => {
    assert.equal(
      fileOf(instanceScript(args), "/etc/groundwork/web.env"),
      "AWS_REGION=eu-west-1\nGREETING=two words\nPORT=8080\n",
    );
  });

  it("refuses an environment with a line break", () => {
    assert.throws(() => instanceScript({ ...args, environment: { A: "1\nB=2" } }), /A must be a single line/);
  });
});

describe("the tools that check user data", () => {
  whenThere("shellcheck", "refuse a script with an unquoted variable", () => {
    const bad = "#cloud-config\nwrite_files:\n  - path: /a\n    content: |\n      #!/bin/sh\n      rm $1\n";
    assert.match(shellcheckUserData(bad), /SC2086/);
  });

  whenThere("cloud-init", "refuse what cloud-init does not take", () => {
    assert.match(cloudInitSchema("#cloud-config\nwrite_files: 5\n"), /write_files: 5 is not of type 'array'/);
  });
});
