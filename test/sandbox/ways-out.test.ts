// Nothing of a sandbox finds AWS itself: its commands and SDKs know the emulators' addresses and no other.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { awsArguments } from "../../sandbox/aws-command";
import { awsEnvironment, closedWays, newCredentials, withoutAws } from "../../sandbox/emulators/endpoints";
import { SERVICES } from "../../sandbox/emulators/services";
import { root } from "../../sandbox/paths";
import { tool } from "../../scripts/tools/index.cjs";
import { whenThere } from "../tools";
import { SharedSandbox, sharedSandbox } from "./shared";
import { newFolder } from "../folder";
import { leftToAll } from "../left-to-all";

const run = promisify(execFile);
const endpoints = {
  ministack: "http://127.0.0.1:1",
  moto: "http://127.0.0.1:2",
  region: "eu-west-1",
  credentials: newCredentials(),
};
/** A shell that knows accounts, and other places for the services. */
const SHELL = {
  AWS_PROFILE: "company",
  AWS_SESSION_TOKEN: "token",
  AWS_ENDPOINT_URL_SQS: "https://sqs.eu-west-1.amazonaws.com",
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
  AWS_USE_FIPS_ENDPOINT: "true",
  https_proxy: "http://proxy.example:3128",
};

describe("calls to AWS on this machine", () => {
  describe("by the SDK's clients", () => {
    const before_ = { ...process.env };
    before(() => void Object.assign(process.env, awsEnvironment(endpoints)));
    after(() => {
      for (const name of Object.keys(awsEnvironment(endpoints)))
        if (before_[name] === undefined) delete process.env[name];
        else process.env[name] = before_[name];
    });

    const folder = path.join(root, "node_modules", "@aws-sdk");
    const packages = fs.readdirSync(folder).filter((name) => name.startsWith("client-"));

    it("go to the emulator of their service, and nowhere else", async function () {
      this.timeout(120_000); // all of the SDK is loaded
      assert.ok(packages.length > 30);
      const led: Record<string, string> = {};
      for (const name of packages) {
        const { serviceId, address } = await addressOf(path.join(folder, name));
        const variable = serviceId.replaceAll(" ", "_").toUpperCase();
        const carried = Object.values(SERVICES).find((one) => one.variable === variable);
        const wanted = endpoints[carried?.on ?? "ministack"]; // what nobody carries is refused there
        if (address !== new URL(wanted).host) led[name] = address;
      }
      assert.deepEqual(led, {});
    });

    it("name every service as the SDKs do", async () => {
      const ids = await Promise.all(packages.map((name) => addressOf(path.join(folder, name))));
      const known = ids.map(({ serviceId }) => serviceId.replaceAll(" ", "_").toUpperCase());
      const withoutClient = ["CLOUDFRONT", "GUARDDUTY", "SCHEDULER", "SES"];
      assert.deepEqual(
        Object.values(SERVICES)
          .map(({ variable }) => variable)
          .filter((one) => !known.includes(one) && !withoutClient.includes(one)),
        [],
      );
    });
  });

  it("ignore the shell's own settings", () => {
    assert.deepEqual(withoutAws({ PATH: "/bin", HOME: "/home/ada", ...SHELL }), {
      PATH: "/bin",
      HOME: "/home/ada",
    });
  });

  describe("by the AWS CLI", () => {
    const addressFor = (...args: string[]) => awsArguments(args, endpoints).slice(args.length);

    it("go to the emulator of their service", () => {
      assert.deepEqual(addressFor("sqs", "list-queues"), ["--endpoint-url", endpoints.ministack]);
      assert.deepEqual(addressFor("--region", "s3", "--output=json", "--debug", "ec2", "describe-vpcs"), [
        "--endpoint-url",
        endpoints.moto,
      ]);
      assert.deepEqual(addressFor("--version"), []);
      assert.deepEqual(addressFor("help"), []);
    });

    it("are refused for a service that no emulator has, with those that there are", () => {
      for (const args of [["glacier", "list-vaults"], ["--output", "json", "sso", "login"], ["configure"]])
        assert.throws(
          () => awsArguments(args, endpoints),
          /^Error: No emulator carries "(glacier|sso|configure)": the sandbox has acm, .*\bsqs\b/,
        );
    });

    it("are refused with an address of somebody's own", () => {
      for (const given of [
        ["--endpoint-url", "https://sqs.eu-west-1.amazonaws.com"],
        ["--endpoint-url=https://x"],
      ])
        assert.throws(
          () => awsArguments(["sqs", "list-queues", ...given], endpoints),
          /leave out --endpoint-url/,
        );
    });

    describe("in a running sandbox", () => {
      let sandbox: SharedSandbox;
      before(async function () {
        sandbox = await sharedSandbox(this);
      });
      const command = (args: string[], env: NodeJS.ProcessEnv = {}) =>
        run(process.execPath, ["scripts/with-install.cjs", "sandbox/cli.ts", "aws", ...args], {
          cwd: root,
          env: { ...process.env, ...SHELL, GROUNDWORK_SANDBOX: sandbox.paths.run, ...env },
        });

      it("reach the emulators only, whatever the shell says", async () => {
        const bin = newFolder("stand-in");
        const says = `#!${process.execPath}\nconsole.log(JSON.stringify({ args: process.argv.slice(2), env: process.env }));`;
        fs.writeFileSync(path.join(bin, "aws"), says, { mode: 0o755 });
        const { stdout } = await command(["sqs", "list-queues"], { PATH: `${bin}:${process.env["PATH"]}` });
        const { args, env } = JSON.parse(stdout) as { args: string[]; env: Record<string, string> };
        const { ministack, moto, credentials } = sandbox.state.endpoints;
        assert.deepEqual(args, ["sqs", "list-queues", "--endpoint-url", ministack]);
        const addresses = Object.entries(env).filter(([name]) => name.startsWith("AWS_ENDPOINT_URL"));
        assert.equal(addresses.length, Object.keys(SERVICES).length + 1);
        const led = new Set(addresses.map(([, address]) => address));
        const own = ["CODEPIPELINE", "CODEDEPLOY"].map(
          (name) => sandbox.state.environment[`AWS_ENDPOINT_URL_${name}`]!,
        );
        assert.deepEqual(led, new Set([ministack, moto, ...own]));
        for (const address of own) assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
        assert.equal(env["AWS_ACCESS_KEY_ID"], credentials.accessKeyId);
        for (const name of [
          "AWS_PROFILE",
          "AWS_SESSION_TOKEN",
          "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
          "AWS_USE_FIPS_ENDPOINT",
        ])
          // prettier-ignore
          assert.equal(env[name], undefined, name);
        assert.deepEqual(
          [env["AWS_CONFIG_FILE"], env["AWS_SHARED_CREDENTIALS_FILE"], env["AWS_EC2_METADATA_DISABLED"]],
          ["/dev/null", "/dev/null", "true"],
        );
        assert.deepEqual(
          ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].map(
            (one) => env[one],
          ),
          Array(6).fill("http://127.0.0.1:9"),
        );
        assert.equal(env["NO_PROXY"], "127.0.0.1,localhost");
      });

      whenThere(
        "aws",
        "reach the emulators through the real CLI, for every service that has its own address setting",
        async function () {
          leftToAll(this);
          const bin = newFolder("real");
          fs.symlinkSync(tool("aws"), path.join(bin, "aws"));
          const PATH = `${bin}:${process.env["PATH"]}`;
          const aws = (...args: string[]) => command(args, { PATH });
          const sqs = await sandbox.use("sqs");
          await sqs.createQueue({ QueueName: "by-cli" });
          const { stdout: queues } = await aws("sqs", "list-queues", "--queue-name-prefix", "by-cli");
          assert.match(queues, /by-cli/);
          const { stdout: databases } = await aws("--region", "us-east-1", "rds", "describe-db-instances");
          assert.deepEqual(JSON.parse(databases), { DBInstances: [] });
          const { stdout: buckets } = await aws("s3", "ls");
          assert.match(buckets, /uploads/);
          // An abbreviation is overruled by our own, and a way that no argument reaches ends at a closed door of this machine.
          const { stdout: again } = await aws("sqs", "list-queues", "--endpoint", "https://sqs.eu-west-1.amazonaws.com"); // prettier-ignore
          assert.match(again, /by-cli/);
          const env = { ...withoutAws(process.env), ...sandbox.state.environment, ...closedWays() };
          await assert.rejects(
            run(tool("aws"), ["sqs", "list-queues"], { env: { ...env, AWS_MAX_ATTEMPTS: "1" } }),
            /Failed to connect to proxy URL: "http:\/\/127\.0\.0\.1:9"/,
          );
        },
      );

      it("are refused in one sentence for a service that no emulator has", async () => {
        await assert.rejects(command(["glacier", "list-vaults"]), (error: Error & { stderr: string }) =>
          /^No emulator carries "glacier": the sandbox has [^\n]*\n$/.test(error.stderr),
        );
      });
    });
  });
});

/** Where a package's client sends a call to, as it resolves that itself. */
async function addressOf(folder: string): Promise<{ serviceId: string; address: string }> {
  type Client = { send(command: unknown): Promise<unknown>; config: { serviceId: string } };
  const all = require(folder) as Record<string, new (input: object) => unknown>;
  const [, Client] = Object.entries(all).find(([name]) => /^[A-Z].+Client$/.test(name))!;
  let address = "";
  const requestHandler = {
    handle: (request: { hostname: string; port?: number }) => {
      address = `${request.hostname}:${request.port ?? ""}`;
      return Promise.reject(new Error("seen"));
    },
  };
  const client = new Client({ requestHandler, maxAttempts: 1 }) as Client;
  const commands = Object.keys(all).filter((name) => /^(List|Describe|Get).*Command$/.test(name));
  for (const name of commands) {
    await client.send(new all[name]!({})).catch(() => {});
    if (address) return { serviceId: client.config.serviceId, address };
  }
  throw new Error(`no call of ${folder} was sent`);
}
