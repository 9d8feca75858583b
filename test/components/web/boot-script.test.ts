import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { instanceScript } from "../../../components/web/instance-script";
import { newFolder } from "../../folder";

const BOOT = "/usr/local/sbin/groundwork-boot";
const AGENT = "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl";

const userData = instanceScript({
  region: "eu-west-1",
  image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:abc",
  port: 8080,
  environment: {},
  logGroup: "web-log",
  metricsNamespace: "Groundwork/Web",
  metricsSeconds: 60,
  traced: false,
  codeDeploy: true,
  launchHook: "app-answers",
});
const { write_files: files } = load(userData) as { write_files: { path: string; content: string }[] };
const script = files.find((file) => file.path === BOOT)!.content;

const PACKAGES = "docker amazon-ecr-credential-helper amazon-cloudwatch-agent";

/** The script that boots a server, beside stand-ins that write down how they were called and fail as they are told. */
describe("the boot of a web server", () => {
  let folder: string;
  beforeEach(() => {
    folder = newFolder("boot-script");
    const command = (name: string, does = "") =>
      fs.writeFileSync(
        path.join(folder, name),
        `#!/bin/bash
echo "${name} $*" >>"$CALLS"
failures="$CALLS.${name}"
left=$(cat "$failures" 2>/dev/null || echo 0)
[ "$left" = 0 ] || { echo $((left - 1)) >"$failures"; exit 3; }
${does}
`,
        { mode: 0o755 },
      );
    for (const name of ["sed", "setenforce", "sysctl", "dnf", "agent", "sleep", "installer", "docker"])
      command(name);
    command(
      "systemctl",
      `case "$*" in
  is-enabled*) [ -n "$BAKED" ] ;;
  enable*) docker || exit 3 ;;
esac`,
    );
    command("rpm", `[ -n "$BAKED" ]`);
    command(
      "curl",
      `case "$*" in
  */api/token) echo token ;;
  */instance-id) echo i-1 ;;
  */health) [ -z "$DEAD" ] ;;
esac`,
    );
    command("aws", `case "$*" in *describe-tags*) echo web-group ;; esac`);
    command("chmod");
  });

  /** Runs it; `failing` says how often a command fails before it works. */
  function boot(failing: Record<string, number> = {}, environment: Record<string, string> = {}) {
    const calls = path.join(folder, "calls");
    fs.writeFileSync(calls, "");
    for (const [name, times] of Object.entries(failing)) fs.writeFileSync(`${calls}.${name}`, String(times));
    const own = script
      .replaceAll(AGENT, path.join(folder, "agent"))
      .replaceAll("again /root/codedeploy-install", "again installer");
    const { status, stderr } = spawnSync("bash", ["-c", own], {
      env: { PATH: `${folder}:/usr/bin:/bin`, CALLS: calls, BAKED: "", DEAD: "", ...environment },
      encoding: "utf8",
    });
    const called = fs.readFileSync(calls, "utf8").trim().split("\n");
    const of = (name: string) => called.filter((line) => line.startsWith(`${name} `));
    const results = of("aws")
      .filter((line) => line.includes("complete-lifecycle-action"))
      .map((line) => / --lifecycle-action-result (\w+)/.exec(line)![1]);
    const logged = of("aws").flatMap((line) => /put-log-events .*"message":"(.*)"/.exec(line)?.[1] ?? []);
    return { status, stderr, of, results, logged };
  }

  it("reports to the group, once, that the app answers", () => {
    const { status, of, results, logged } = boot();
    assert.equal(status, 0);
    assert.deepEqual(results, ["CONTINUE"]);
    assert.deepEqual(logged, []);
    assert.deepEqual(
      of("aws").filter((line) => line.includes("complete")),
      [
        "aws autoscaling complete-lifecycle-action --lifecycle-hook-name app-answers --auto-scaling-group-name web-group --instance-id i-1 --lifecycle-action-result CONTINUE",
      ],
    );
  });

  it("retries what fails for a while", () => {
    const { status, of, results } = boot({ dnf: 3, installer: 1, curl: 2 });
    assert.equal(status, 0);
    assert.deepEqual(results, ["CONTINUE"]);
    assert.deepEqual(of("dnf"), [...Array(4).fill(`dnf install -y ${PACKAGES}`), "dnf install -y ruby"]);
    assert.deepEqual(of("sleep").slice(0, 3), ["sleep 5", "sleep 15", "sleep 30"]);
  });

  for (const [what, failing, step, code] of [
    ["packages do not come", { dnf: 99 }, "installing packages", 3],
    ["SELinux cannot be enforced", { setenforce: 1 }, "setting up the system", 3],
    ["the release agent does not come", { installer: 99 }, "installing the CodeDeploy agent", 3],
    ["the CloudWatch agent does not start", { agent: 1 }, "starting the CloudWatch agent", 3],
    ["Docker does not start", { docker: 99 }, "starting Docker and the app", 3],
  ] as const)
    it(`gives the server up at once, and says why, when ${what}`, () => {
      const { status, stderr, results, logged } = boot(failing);
      assert.equal(status, code);
      assert.deepEqual(results, ["ABANDON"]);
      assert.deepEqual(logged, [`groundwork-boot gave up: ${step}, exit code ${code}`]);
      assert.match(stderr, new RegExp(`^groundwork-boot gave up: ${step}, exit code ${code}$`, "m"));
    });

  it("gives the server up when the app does not answer", () => {
    const { status, results, logged } = boot({}, { DEAD: "1" });
    assert.equal(status, 1);
    assert.deepEqual(results, ["ABANDON"]);
    assert.deepEqual(logged, ["groundwork-boot gave up: waiting for a 200 from /health, exit code 1"]);
  });

  it("reports to the group even if the log does not accept the reason, and retries when EC2 and the group do not answer", () => {
    const { results } = boot({ agent: 1, aws: 5 });
    assert.deepEqual(results.at(-1), "ABANDON");
  });

  it("fails when it cannot report to the group", () => {
    assert.equal(boot({ aws: 99 }).status, 3);
  });

  it("downloads nothing that a baked image contains", () => {
    const { status, of, results } = boot({}, { BAKED: "1" });
    assert.equal(status, 0);
    assert.deepEqual(results, ["CONTINUE"]);
    assert.deepEqual(of("dnf"), []);
    assert.deepEqual(of("installer"), []);
  });
});
