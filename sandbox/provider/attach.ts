import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { version } from "pulumi/package.json";
import { withoutAws } from "../emulators/endpoints";
import { makePrivate, runningSandbox } from "../processes";
import { pathsOfEmulators } from "../paths";
import { Problem } from "../problem";
import { State } from "../state";
import { layOutHome } from "./home";
import { startProviders } from "./process";

export interface Attached {
  /** The whole environment of the official CLI's process: it finds the emulators, and no way to AWS. */
  environment: NodeJS.ProcessEnv;
  close(): void;
}

/**
 * Puts the sandbox's tables behind the official engine: starts its providers, and prepares a home, a state and the stack's settings
 * beside the running emulators, with which all of it is deleted. It writes nothing into the project.
 */
export async function attach(project: string, stack: string): Promise<Attached> {
  const paths = pathsOfEmulators();
  if (!runningSandbox(paths.processes) || !fs.existsSync(paths.state))
    throw new Problem(
      `Stack ${stack} runs on this machine's emulators, and none are running: start them in another terminal with npm run sandbox -- emulators.`,
    );
  const { environment: ofEmulators } = JSON.parse(fs.readFileSync(paths.state, "utf8")) as State;
  const cli = cliFolder();
  const folder = path.join(paths.run, "pulumi");
  const at = (name: string) => path.join(folder, name);
  makePrivate(folder);
  for (const name of ["home", "state", "settings"]) fs.mkdirSync(at(name), { recursive: true, mode: 0o700 });
  layOutHome(at("home"), cli);
  const outside = { ...withoutAws(process.env), ...ofEmulators };
  const ofPulumi = {
    PULUMI_HOME: at("home"),
    PULUMI_BACKEND_URL: `file://${at("state")}`,
    // As old as the emulators, and as secret.
    PULUMI_CONFIG_PASSPHRASE: ofEmulators["AWS_SECRET_ACCESS_KEY"],
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const settings = await settle(at("settings"), project, stack, path.join(cli, "pulumi"), {
    ...outside,
    ...ofPulumi,
  });
  const { aws, awsx, close } = await startProviders(outside);
  return {
    environment: {
      ...outside,
      ...ofPulumi,
      PULUMI_DEBUG_PROVIDERS: `aws:${aws},awsx:${awsx}`,
      // The CLI accepts it as --config-file.
      PULUMI_OPTION_CONFIG_FILE: settings,
    },
    close,
  };
}

/** Where npm's package has downloaded the CLI, or is downloading it. */
function cliFolder(): string {
  const folder = path.join(
    process.env["PULUMI_HOME"] ?? path.join(os.homedir(), ".pulumi"),
    "versions",
    version,
    "bin",
  );
  if (!fs.existsSync(path.join(folder, "pulumi"))) {
    const { status } = spawnSync(process.execPath, [require.resolve("pulumi/run.js"), "version"], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0)
      throw new Problem(
        "The Pulumi CLI could not be fetched: check that this machine reaches get.pulumi.com.",
      );
  }
  return fs.realpathSync(folder);
}

/** The stack, and a copy of its settings with the key of its secrets, which the CLI writes there. */
async function settle(
  folder: string,
  project: string,
  stack: string,
  cli: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const file = path.join(folder, `Pulumi.${stack}.yaml`);
  const settings = load(fs.readFileSync(path.join(project, `Pulumi.${stack}.yaml`), "utf8")) as object;
  if (!fs.existsSync(file)) {
    fs.copyFileSync(path.join(project, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    await promisify(execFile)(cli, ["stack", "init", stack, "--no-select"], { cwd: folder, env });
  }
  const { encryptionsalt } = load(fs.readFileSync(file, "utf8")) as { encryptionsalt: string };
  fs.writeFileSync(file, JSON.stringify({ ...settings, encryptionsalt }), { mode: 0o600 });
  return file;
}
