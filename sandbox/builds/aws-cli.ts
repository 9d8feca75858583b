import * as fs from "node:fs";
import * as path from "node:path";
import { installPackages, Python } from "../emulators/packages.cjs";

const requirements = path.join(__dirname, "requirements.txt");
let installed: Promise<Python> | undefined;

/** The AWS CLI of builds, installed into .sandbox/ when the first build asks for it. */
export function installAwsCli(progress: (line: string) => void): Promise<Python> {
  installed ??= installPackages(progress, { requirements, what: "the AWS CLI for builds" });
  installed.catch(() => (installed = undefined));
  return installed;
}

/** Puts a command `aws` into a folder, which knows no other AWS than the emulator. */
export function writeAwsCommand(bin: string, packages: string[], endpoint: string): void {
  const lines = [
    "#!/bin/sh",
    `PYTHONPATH=${packages.join(path.delimiter)} exec python3 -m awscli "$@" --endpoint-url ${endpoint}`,
  ];
  fs.writeFileSync(path.join(bin, "aws"), `${lines.join("\n")}\n`, { mode: 0o755 });
}
