// The script with which a project's machine starts its container: it decides what the container finds in its environment, here as on AWS.
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { Problem } from "../problem";

const AT_MOST_MS = 20_000;

export interface Start {
  /** The user data of the machine, as CloudFormation filled it in. */
  userData: string;
  /** Texts that differ here: AWS addresses, paths of the machine. */
  instead: [string, string][];
  /** The Secrets Manager values under each name that the script asks for. */
  secrets: Record<string, string>;
  /** A folder that nobody else can read, for as long as it takes. */
  folder: string;
  python: string;
  /** If only the release command runs: the image that it runs in. */
  image?: string;
}

/** A container's Docker options. */
export interface Container {
  environment: Record<string, string>;
  /** The last of its arguments: the command, if it is not the image's own. */
  command: string;
}

/** The names of the secrets that a machine's script reads. */
export const secretsOf = (userData: string): string[] => [
  ...new Set([...scriptOf(userData, "RUN").matchAll(/secret\("([^"]+)"\)/g)].map(([, name]) => name!)),
];

/** Runs the script up to the call of Docker, and returns what the container would find. */
export async function containerOf({
  userData,
  instead,
  secrets,
  folder,
  python,
  image,
}: Start): Promise<Container> {
  const at = (name: string) => path.join(folder, name);
  const here = (text: string) => instead.reduce((changed, [from, to]) => changed.replaceAll(from, to), text);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    const standIn = (name: string, does: string[]) =>
      fs.writeFileSync(at(name), ["#!/bin/bash", ...does, ""].join("\n"), { mode: 0o700 });
    Object.values(secrets).forEach((text, index) => fs.writeFileSync(at(`secret-${index}`), text));
    const cases = Object.keys(secrets).map(
      (name, index) => `*'--secret-id ${name} '*) cat ${quoted(at(`secret-${index}`))} ;;`,
    );
    standIn("aws", ['case "$*" in', ...cases, "*) exit 1 ;;", "esac"]);
    standIn("docker", [
      `printf '%s\\0' "$@" > ${quoted(at("arguments"))}`,
      `env -0 > ${quoted(at("environment"))}`,
    ]);
    fs.writeFileSync(at("environment.json"), scriptOf(userData, "ENVIRONMENT"));
    fs.writeFileSync(at("release"), scriptOf(userData, "COMMAND"));
    fs.writeFileSync(
      at("run.py"),
      ["environment.json", "release"].reduce(
        (script, name) => script.replaceAll(`/etc/project/${name}`, at(name)),
        here(scriptOf(userData, "RUN")),
      ),
    );
    await promisify(execFile)(python, [at("run.py"), ...(image ? [image] : [])], {
      env: { PATH: `${folder}${path.delimiter}${process.env["PATH"]}` },
      timeout: AT_MOST_MS,
    }).catch((error: { stderr?: string }) => {
      throw new Problem(`its start script failed: ${error.stderr?.trim().split("\n").at(-1) ?? ""}`);
    });
    const lines = (name: string) => fs.readFileSync(at(name), "utf8").split("\0").slice(0, -1);
    const names = new Set(
      lines("arguments").flatMap((word) => (word.startsWith("--env=") ? [word.slice("--env=".length)] : [])),
    );
    const pairs = lines("environment").map((line): [string, string] => {
      const end = line.indexOf("=");
      return [line.slice(0, end), line.slice(end + 1)];
    });
    return {
      environment: Object.fromEntries(pairs.filter(([name]) => names.has(name))),
      command: lines("arguments").at(-1)!,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** What the user data writes into a file, between two equal marker lines. */
function scriptOf(userData: string, marker: string): string {
  const [, script] = new RegExp(`<<'${marker}'\\n([^]*?)\\n${marker}\\n`).exec(userData) ?? [];
  if (script === undefined) throw new Problem(`the user data of its machine has no part ${marker}`);
  return script;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
