import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { some } from "../some";
import { ACCOUNT, startSts, Sts } from "../sts";
import { REFUSALS } from "./pulumi-refusals";
import { newFolder } from "../folder";

const ROOT = path.join(__dirname, "../..");
/** A file in a folder of its own, for one run. */
const EVENTS = /=\/\S+\/events\.json/g;

/** A project of two stacks beside our own script, with stand-ins for the CLI and for AWS. */
describe("npm run up, preview and destroy", () => {
  let folder: string;
  let sts: Sts;

  before(async () => {
    folder = newFolder("groundwork-cli");
    fs.mkdirSync(path.join(folder, "scripts"));
    for (const file of [
      "scripts/pulumi.cjs",
      "scripts/pulumi-options.cjs",
      "scripts/stack.cjs",
      "scripts/winds-up.cjs",
      "Pulumi.yaml",
    ])
      fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
    fs.writeFileSync(path.join(folder, "scripts/install.cjs"), "module.exports = () => {};");
    quotas();
    packages();
    settings("dev", "dev");
    settings("prod", "prod", { "aws:allowedAccountIds": [ACCOUNT] });
    settings("strange", "dev", { "aws:allowedAccountIds": ["999999999999"] });
    settings("sandbox", "dev");
    settings("unsaid", undefined);

    sts = await startSts();
  });

  after(async () => {
    await sts.close();
  });

  function settings(stack: string, environment: string | undefined, more: object = {}): void {
    const config = { "aws:region": "eu-west-1", "groundwork:environment": environment, ...more };
    fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
  }

  /** What asks for quotas, which test/bootstrap tries: writes down for which stack, and refuses when it is told to. */
  function quotas(): void {
    fs.writeFileSync(
      path.join(folder, "scripts/quotas.cjs"),
      `const { Refusal } = require("./pulumi-options.cjs");
       module.exports = async (stack, config) => {
         require("node:fs").appendFileSync(process.env.CALLS, "quotas " + stack + " " + config["aws:region"] + "\\n");
         if (process.env.QUOTAS) throw new Refusal(process.env.QUOTAS);
       };`,
    );
  }

  /** All of ours but the CLI, which writes down how it was called and ends as it is told. */
  function packages(): void {
    const [ours, here] = [ROOT, folder].map((root) => path.join(root, "node_modules")) as [string, string];
    fs.mkdirSync(path.join(here, "pulumi"), { recursive: true });
    for (const name of fs.readdirSync(ours).filter((one) => one !== "pulumi" && !one.startsWith(".")))
      fs.symlinkSync(path.join(ours, name), path.join(here, name));
    fs.writeFileSync(
      path.join(here, "pulumi/run.js"),
      `const destroys = process.env.GROUNDWORK_DESTROY;
       const call = ["pulumi", ...process.argv.slice(2), ...(destroys === undefined ? [] : ["for", destroys])];
       require("node:fs").appendFileSync(process.env.CALLS, call.join(" ") + "\\n");
       if (call[1] === "stack") console.log(process.env.STATE ?? '{"deployment":{}}');
       process.exitCode = Number((call[1] === "up" && process.env.CLI_EXIT_OF_UP) || (process.env.CLI_EXIT ?? 0));`,
    );
  }

  /** Runs the script; tells how it ended and what it called. */
  async function run(args: string[], env: Record<string, string> = sts.credentials) {
    const calls = path.join(folder, "calls");
    fs.rmSync(calls, { force: true });
    const child = spawn(process.execPath, ["scripts/pulumi.cjs", ...args], {
      cwd: folder,
      env: {
        PATH: "/usr/bin:/bin",
        HOME: folder,
        AWS_EC2_METADATA_DISABLED: "true",
        CALLS: calls,
        ...env,
      },
    });
    let errors = "";
    child.stderr.on("data", (chunk) => (errors += chunk));
    const code = await new Promise((resolve) => child.on("close", resolve));
    return {
      code,
      errors: errors.trim(),
      calls: fs.existsSync(calls)
        ? fs.readFileSync(calls, "utf8").trim().replace(EVENTS, "=EVENTS").split("\n")
        : [],
    };
  }

  it("passes the options to the official CLI, in one spelling", async () => {
    const args = [
      "--stack",
      "dev",
      "--refresh",
      "-yf",
      "-madded a zone",
      "--target=a",
      "-t",
      "b",
      "--diff=false",
    ];
    assert.deepEqual(await run(["up", ...args]), {
      code: 0,
      errors: "",
      calls: [
        "pulumi version",
        "quotas dev eu-west-1",
        "pulumi up --stack=dev --policy-pack=policies --refresh --yes --skip-preview --message=added a zone --target=a --target=b --diff=false",
      ],
    });
  });

  it("accepts a stack with its organization and project, in each of the CLI's spellings", async () => {
    for (const [stack, args] of [
      ["dev", ["-s", "dev"]],
      ["dev", ["-sdev"]],
      ["dev", ["-s=dev"]],
      ["acme/dev", ["--stack=acme/dev"]],
      ["acme/groundwork/dev", ["--stack", "acme/groundwork/dev"]],
    ] as const)
      assert.deepEqual((await run(["preview", ...args])).calls, [
        "pulumi version",
        "quotas dev eu-west-1",
        `pulumi preview --stack=${stack} --event-log=EVENTS --policy-pack=policies`,
      ]);
  });

  it("applies the policy rules, or the user's own policy pack", async () => {
    const own = ["--policy-pack", "mine", "--policy-pack-config", "mine.json"];
    assert.deepEqual((await run(["up", "--stack", "dev", ...own])).calls.slice(2), [
      "pulumi up --stack=dev --policy-pack=mine --policy-pack-config=mine.json",
    ]);
  });

  it("prints nothing else to a program that reads the preview, and writes no second event log", async () => {
    for (const option of ["--json", "--event-log=mine"])
      assert.deepEqual((await run(["preview", "--stack", "dev", option])).calls.slice(2), [
        `pulumi preview --stack=dev --policy-pack=policies ${option}`,
      ]);
  });

  it("does not start the engine if the account's quotas are too small, unless told not to check", async () => {
    const env = { ...sts.credentials, QUOTAS: "too small" };
    for (const verb of ["up", "preview"]) {
      assert.deepEqual(await run([verb, "--stack", "dev"], env), {
        code: 1,
        errors: "too small",
        calls: ["pulumi version", "quotas dev eu-west-1"],
      });
      assert.deepEqual((await run([verb, "--stack", "dev", "--no-quotas"], env)).calls, [
        "pulumi version",
        verb === "up"
          ? "pulumi up --stack=dev --policy-pack=policies"
          : "pulumi preview --stack=dev --event-log=EVENTS --policy-pack=policies",
      ]);
    }
    const { calls } = await run(["destroy", "--stack", "dev", "--yes"], env);
    assert.doesNotMatch(calls.join("\n"), /quotas/);
  });

  it("destroys a prod environment if confirmed", async () => {
    const args = ["--stack", "acme/prod", "--yes", "--yes-really"];
    const { code, calls } = await run(["destroy", ...args]);
    assert.deepEqual(
      [code, calls.pop()],
      [0, "pulumi destroy --stack=acme/prod --yes --exclude-protected --run-program for prod"],
    );
    assert.equal(
      (await run(["destroy", "--stack", "dev"])).calls.pop(),
      "pulumi destroy --stack=dev --exclude-protected for dev",
    );
    assert.equal(
      (await run(["up", "--stack", "prod"])).calls.pop(),
      "pulumi up --stack=prod --policy-pack=policies",
    );
  });

  const balancer = (urn: string, enableDeletionProtection: boolean, protect = false) => ({
    ...{ urn, type: "aws:lb/loadBalancer:LoadBalancer", protect, inputs: { enableDeletionProtection } },
  });
  const resources = [balancer("urn:a", true), balancer("urn:b", false), balancer("urn:c", true, true)];
  const HELD = JSON.stringify({ deployment: { resources } });

  it("first lifts AWS's deletion protection, and asks for that as it asks for the rest", async () => {
    const { calls } = await run(["destroy", "--stack", "dev", "--yes"], { ...sts.credentials, STATE: HELD });
    assert.deepEqual(calls.slice(1), [
      "pulumi stack export --stack=dev for dev",
      "pulumi up --stack=dev --yes --target=urn:a for dev",
      "pulumi destroy --stack=dev --yes --exclude-protected for dev",
    ]);
  });

  it("lifts no protection for a preview, or for a part of a stack", async () => {
    const calls = async (...args: string[]) =>
      (await run(["destroy", "--stack", "dev", ...args], { ...sts.credentials, STATE: HELD })).calls.slice(1);
    assert.deepEqual(await calls("--preview-only"), [
      "pulumi destroy --stack=dev --preview-only --exclude-protected for dev",
    ]);
    assert.deepEqual(await calls("--target", "urn:d"), ["pulumi destroy --stack=dev --target=urn:d for dev"]);
  });

  it("destroys nothing if AWS keeps its protection", async () => {
    const env = { ...sts.credentials, STATE: HELD, CLI_EXIT_OF_UP: "255" };
    const { code, calls } = await run(["destroy", "--stack", "dev"], env);
    assert.equal(code, 255);
    assert.equal(calls.pop(), "pulumi up --stack=dev --target=urn:a for dev");
  });

  const RASH =
    "Stack prod is a prod environment, or does not say that it is none: destroying it takes --yes-really. What holds data stays protected even then, until keepData is false and applied.";

  it("refuses to destroy a prod environment by accident, however the command is written", async () => {
    for (const stack of [
      ["--stack", "prod"],
      ["--stack=prod"],
      ["-s", "prod"],
      ["-sprod"],
      ["-ysprod"],
      ["-s=prod"],
    ])
      for (const more of [[], ["--yes"], ["-yf"], ["--yes-reall"], ["--message", "--yes-really"]])
        assert.equal((await run(["destroy", ...stack, ...more])).code, 1, [...stack, ...more].join(" "));
    assert.deepEqual(await run(["destroy", "--stack", "acme/groundwork/prod", "--yes"]), {
      code: 1,
      errors: RASH,
      calls: [],
    });
  });

  it("refuses an option that bypasses what was checked", async () => {
    const elsewhere = [
      "--cwd",
      "-C",
      "--config-file",
      "--config",
      "-c",
      "--override-env",
      "--client",
      "--remote",
    ];
    const past = ["--ignore-protect", "--remove", "--stack-name", "--run-program"];
    for (const option of [...elsewhere, ...past])
      for (const args of [[option, "x"], [`${option}=x`], ["-y", option]]) {
        const { code, errors, calls } = await run(["destroy", "--stack", "dev", ...args]);
        assert.deepEqual([code, calls], [1, []], args.join(" "));
        assert.match(errors, new RegExp(`^${option} is not taken here, .* Taken are --stack, `));
      }
    for (const hidden of ["-yC/tmp", "-yc", "-dyCx"])
      assert.match((await run(["up", "--stack", "dev", hidden])).errors, /^-[cC] is not taken here/);
  });

  it("refuses the same options from the environment", async () => {
    for (const name of ["STACK", "CWD", "CONFIG_FILE", "IGNORE_PROTECT", "NO_QUOTAS", "YES_REALLY"]) {
      const variable = `PULUMI_OPTION_${name}`;
      const { code, errors, calls } = await run(["up", "--stack", "dev"], {
        ...sts.credentials,
        [variable]: "prod",
      });
      assert.deepEqual([code, calls], [1, []]);
      assert.match(
        errors,
        new RegExp(`^${variable} is set, which is --[a-z-]+ for the CLI: unset it first\\.$`),
      );
    }
    const { code } = await run(["up", "--stack", "dev"], {
      ...sts.credentials,
      PULUMI_OPTION_COLOR: "never",
    });
    assert.equal(code, 0);
  });

  it("refuses anything that is not an option, such as another command of the CLI", async () => {
    for (const args of [
      ["state", "delete"],
      ["refresh"],
      ["--", "--stack", "prod"],
      ["https://example.com/a-program"],
    ]) {
      const { code, errors, calls } = await run(["up", "--stack", "dev", ...args]);
      assert.deepEqual([code, calls], [1, []], args.join(" "));
      assert.match(errors, /^Only options are taken here, got /);
    }
    for (const verb of ["refresh", "import", "state", "stack", "cancel", "--yes", ""])
      assert.deepEqual(
        (await run([verb, "--stack", "dev"])).errors,
        "Say what to do: one of up, preview, destroy.",
      );
  });

  it("refuses another account, in every form in which the settings can name theirs", async () => {
    const written = [
      ["999999999999"],
      '["999999999999"]',
      "999999999999",
      999999999999,
      [1234, "999999999999"],
    ];
    try {
      for (const ids of written) {
        settings("strange", "dev", { "aws:allowedAccountIds": ids });
        const { code, errors } = await run(["up", "--stack", "strange"]);
        assert.deepEqual([code, errors.match(/\d{12}/g)!.pop()], [1, "999999999999"]);
      }
      settings("strange", "dev", { "aws:allowedAccountIds": Number(ACCOUNT) });
      assert.equal((await run(["up", "--stack", "strange"])).code, 0);
    } finally {
      settings("strange", "dev", { "aws:allowedAccountIds": ["999999999999"] });
    }
  });

  it("refuses settings that are not YAML, in one line", async () => {
    const file = path.join(folder, "Pulumi.dev.yaml");
    const before = fs.readFileSync(file);
    fs.writeFileSync(file, "config:\n  a: 1\n b: 2\n");
    try {
      assert.deepEqual(await run(["up", "--stack", "dev"]), {
        code: 1,
        errors: "Pulumi.dev.yaml is not YAML: bad indentation of a mapping entry (3:2).",
        calls: [],
      });
    } finally {
      fs.writeFileSync(file, before);
    }
  });

  for (const [title, args, message, env] of some(REFUSALS))
    it(`refuses ${title}`, async () => {
      assert.deepEqual(await run(args, env), { code: 1, errors: message, calls: [] });
    });

  it("refuses when the CLI cannot be fetched", async () => {
    const env = { ...sts.credentials, CLI_EXIT: "1" };
    const { code, errors, calls } = await run(["up", "--stack", "dev"], env);
    assert.deepEqual([code, calls], [1, ["pulumi version"]]);
    assert.match(errors, /^The Pulumi CLI could not be fetched or started: /);
  });
});
