import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { instanceScript } from "../../components/web/instance-script";
import { REGION } from "./cloud";
import { Machine } from "./machine";
import { Registry } from "./registry";
import { Site, skipWithoutMachines, startSite } from "./site";
import { Told, webServices } from "./web-services";

const ECR = `123456789012.dkr.ecr.${REGION}.amazonaws.com`;
const INSTANCE = "i-0123456789abcdef0";
const HOOKS = path.join(__dirname, "../../webapp/deploy/hooks");

describe("a web server under systemd", function () {
  this.timeout(180_000);
  let site: Site;
  let web: Machine;
  const registry = new Registry();
  const told: Told = { lifecycle: [], logs: {} };
  const imageOf = (...environment: string[]) => `${ECR}/web@${registry.release(environment)}`;

  const script = (image: string, environment: Record<string, string> = {}) =>
    instanceScript({
      region: REGION,
      image,
      port: 8080,
      environment: { AWS_REGION: REGION, METRICS_NAMESPACE: "Groundwork/Web", ...environment },
      logGroup: "web-log",
      metricsNamespace: "Groundwork/Web",
      metricsSeconds: 60,
      traced: false,
      codeDeploy: true,
      launchHook: "app-answers",
    });

  before(async function () {
    skipWithoutMachines(this);
    site = await startSite(["web", "bad"], {
      ...webServices(told),
      "123456789012.dkr.ecr": registry.service,
    });
    await registry.build(site.folder);
    web = site.machine("web");
    web.write("/etc/selinux/config", "SELINUX=permissive\n");
    site.cloud.launch(web, "web", INSTANCE, script(imageOf(), { MARK: "for-the-app-alone" }));
    await web.boot();
  });
  after(() => site?.down());

  const ASK = "curl -sf --max-time 2 http://127.0.0.1:8080/health";
  const serves = () => web.until("an answer of the app", ASK);
  const app = () => web.run("pgrep -f 'node server.js$'");
  const failed = () => web.run("systemctl --failed --plain --no-legend");
  const valueOf = (text: string, name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(text)?.[1];

  it("is set up by cloud-init without an error", async () => {
    assert.equal(await web.setUp(), "status: done");
    assert.equal(await failed(), "");
    const active = await web.run("systemctl is-active docker groundwork-web codedeploy-agent");
    assert.equal(active, "active\nactive\nactive");
    assert.match(await web.run("cat /etc/selinux/config"), /^SELINUX=enforcing$/);
    assert.deepEqual((await web.run("cat /var/log/stand-ins")).split("\n"), [
      "setenforce 1",
      "dnf install -y docker amazon-ecr-credential-helper amazon-cloudwatch-agent",
      "dnf install -y ruby",
      "amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/opt/aws/amazon-cloudwatch-agent/etc/groundwork.json",
      "docker-credential-ecr-login get",
    ]);
  });

  it("reports to its group once the app answers", async () => {
    await serves();
    assert.deepEqual(told.lifecycle, [launchedWith("CONTINUE")]);
  });

  it("passes its environment to the app, and shows it to nobody else", async () => {
    assert.match(await web.run(`tr '\\0' '\\n' </proc/${await app()}/environ`), new RegExp(`^${MARK}$`, "m"));
    const seen = await web.run("ps axww; journalctl --no-pager; cat /var/log/*.log /run/cloud-init/*.log");
    assert.ok(!seen.includes("for-the-app-alone"));
    const search = "find / -xdev -type f -readable -exec grep -l for-the-app-alone {} +";
    assert.equal(await web.run(`setpriv --reuid nobody --clear-groups ${search} 2>/dev/null || true`), "");
  });

  it("runs the app without privileges", async () => {
    const status = await web.run(`cat /proc/${await app()}/status`);
    const rights = ["Uid", "CapEff", "CapBnd", "NoNewPrivs"].map((name) => valueOf(status, name));
    assert.deepEqual(rights, ["10001", "0000000000000000", "0000000000000000", "1"]);
    assert.equal(await web.run("cat /proc/sys/net/ipv6/conf/all/disable_ipv6"), "1");
  });

  it("sends the app's output to CloudWatch", () => {
    assert.deepEqual(Object.keys(told.logs), ["web/ip-10-0-0-1"]);
    assert.match(told.logs["web/ip-10-0-0-1"]!.join("\n"), /"url":"\/health"|listening/);
  });

  for (const [what, kill] of [
    ["the app", "pkill -9 -f 'node server.js$'"],
    ["Docker's client", "pkill -9 -f '^/usr/bin/docker run'"],
    ["Docker", "pkill -9 dockerd"],
  ] as const)
    it(`serves again when ${what} is killed`, async () => {
      const before = await app();
      await web.run(kill);
      await web.until(
        "the restart of the app",
        `pid=$(pgrep -f 'node server.js$') && [ "$pid" != ${before} ]`,
      );
      await serves();
      assert.equal(await failed(), "");
    });

  it("stops the app and its container", async () => {
    await web.run("systemctl stop groundwork-web");
    assert.equal((await web.try("pgrep -f 'node server.js$'")).code, 1);
    assert.equal(await web.run("docker ps --all --quiet"), "");
    assert.equal(await failed(), "");
    await web.run("systemctl start groundwork-web");
    await serves();
  });

  it("serves again after a reboot, by itself", async () => {
    await web.reboot();
    await serves();
    assert.equal(await web.setUp(), "status: done");
    assert.equal(await failed(), "");
    assert.equal(await web.run("cat /proc/sys/net/ipv6/conf/all/disable_ipv6"), "1");
    assert.equal(told.lifecycle.length, 1);
  });

  describe("after a release by CodeDeploy", () => {
    const runs = () =>
      web.run(`tr '\\0' '\\n' </proc/$(pgrep -f 'node server.js$')/environ | grep ^RELEASE=`);

    /** The hooks in CodeDeploy's order, in its environment, until one fails. */
    async function deploy(image: string) {
      for (const name of fs.readdirSync(HOOKS))
        web.write(`/opt/release/hooks/${name}`, fs.readFileSync(path.join(HOOKS, name), "utf8"), 0o755);
      web.write("/opt/release/image.env", `IMAGE=${image}\n`);
      const hook = (name: string) =>
        `env -i PATH=$PATH GROUNDWORK_HEALTH_SECONDS=15 /opt/release/hooks/${name}.sh`;
      return web.try(["stop", "start", "validate"].map(hook).join(" && "));
    }

    it("serves the new image", async () => {
      const image = imageOf("RELEASE=2");
      assert.deepEqual(await deploy(image), { code: 0, output: image });
      assert.equal(await runs(), "RELEASE=2");
      assert.equal((await web.run("docker images --quiet")).split("\n").length, 1);
    });

    it("serves the previous image when the new one does not answer", async () => {
      const { code, output } = await deploy(imageOf("RELEASE=3", "NODE_OPTIONS=--no-such-option"));
      assert.equal(code, 1);
      assert.match(output, /No 200 from \/health within 15 seconds\nThe previous image is back$/);
      assert.equal(await runs(), "RELEASE=2");
      assert.equal(await failed(), "");
    });

    it("serves the previous image when the new one cannot be pulled", async () => {
      const { code } = await deploy(`${ECR}/web@sha256:${"0".repeat(64)}`);
      assert.equal(code, 1);
      await serves();
      assert.equal(await runs(), "RELEASE=2");
    });
  });

  it("abandons its launch when the app does not answer", async () => {
    told.lifecycle = [];
    const bad = site.machine("bad");
    bad.write("/etc/selinux/config", "SELINUX=permissive\n");
    // Two minutes of waiting, 24 times as fast.
    bad.write(
      "/usr/local/sbin/sleep",
      `#!/bin/sh\n[ "$1" = 2 ] && set 0.05\nexec /usr/bin/sleep "$@"\n`,
      0o755,
    );
    site.cloud.launch(bad, "bad", INSTANCE, script(imageOf(), { DATABASE_PORT: "none" }));
    await bad.boot();
    assert.match(await bad.setUp(), /^status: error\n/);
    assert.deepEqual(told.lifecycle, [launchedWith("ABANDON")]);
    assert.deepEqual(told.logs[`boot/${INSTANCE}/gave-up`], [
      "groundwork-boot gave up: waiting for a 200 from /health, exit code 1",
    ]);
  });
});

const MARK = "MARK=for-the-app-alone";
const launchedWith = (LifecycleActionResult: string) => ({
  LifecycleHookName: "app-answers",
  AutoScalingGroupName: "web-group",
  LifecycleActionResult,
  InstanceId: INSTANCE,
});
