import { ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { LocalWorkspace, Stack } from "@pulumi/pulumi/automation";

const ROOT = path.join(__dirname, "../..");

/** Why the official CLI cannot be run here, if it cannot. Puts the first one that starts before npm's, which may lack its binary. */
export function missingCli(): string | undefined {
  const search = process.env.PATH ?? "";
  for (const folder of search.split(path.delimiter)) {
    try {
      execFileSync(path.join(folder, "pulumi"), ["version"], { stdio: "ignore" });
      process.env.PATH = [folder, search].join(path.delimiter);
      return undefined;
    } catch {
      // Not there, or npm's package without a way to its binary.
    }
  }
  return "no pulumi CLI on the PATH starts";
}

/** A stack of ours under the official engine, with its state in a folder of its own and a stand-in for AWS. */
export interface Engine {
  stack: Stack;
  close(): void;
}

export async function startEngine(name: string): Promise<Engine> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "groundwork-engine-"));
  const standIn = spawn(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", path.join(__dirname, "provider.ts"), "engine"],
    { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const port = await firstLineOf(standIn);
    // Copied, because the engine writes the key of the stack's secrets into its settings. It only looks whether index.ts is there.
    for (const file of ["Pulumi.yaml", `Pulumi.${name}.yaml`, "index.ts"])
      fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
    const stack = await LocalWorkspace.createOrSelectStack(
      { stackName: name, projectName: "groundwork", program },
      {
        workDir: folder,
        envVars: {
          PULUMI_BACKEND_URL: `file://${folder}`,
          PULUMI_HOME: folder,
          PULUMI_CONFIG_PASSPHRASE: "only in this test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DEBUG_PROVIDERS: `aws:${port},awsx:${port}`,
        },
      },
    );
    return {
      stack,
      close() {
        standIn.kill();
        fs.rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    standIn.kill();
    fs.rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The program as it is: it runs when it is loaded. */
async function program(): Promise<Record<string, unknown>> {
  const entry = path.join(ROOT, "index.ts");
  delete require.cache[entry];
  return { ...require(entry) };
}

async function firstLineOf(child: ChildProcess): Promise<string> {
  const [line] = (await Promise.race([
    once(createInterface(child.stdout!), "line"),
    once(child, "exit").then(([code]) => {
      throw new Error(`the stand-in for AWS ended with ${code}`);
    }),
  ])) as [string];
  return line;
}
