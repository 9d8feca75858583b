import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { installPackages, type Python } from "../emulators/packages.cjs";

const requirements = path.join(__dirname, "requirements.txt");
const run = promisify(execFile);
/** The packages of the emulators that the CLI needs. */
const SHARED = ["botocore", "s3transfer", "urllib3", "jmespath", "dateutil"];

let installed: Promise<Python> | undefined;

/** The AWS CLI of builds, installed into .sandbox/ when the first build asks for it. */
export function installAwsCli(progress: (line: string) => void): Promise<Python> {
  installed ??= install(progress);
  installed.catch(() => (installed = undefined));
  return installed;
}

async function install(progress: (line: string) => void): Promise<Python> {
  const python = await installPackages(progress, { requirements, what: "the AWS CLI for builds" });
  await compile(python);
  return python;
}

/** A build's user cannot store compiled Python: each of its commands would compile everything again, and take twice as long. */
async function compile({ interpreter, packages }: Python): Promise<void> {
  if (fs.existsSync(path.join(packages, "awscli", "__pycache__"))) return;
  const emulators = await installPackages();
  const shared = SHARED.map((name) => path.join(emulators.packages, name));
  await run(interpreter, ["-m", "compileall", "-q", ...shared, packages]);
}

/** Puts a Python's commands into a folder that comes first in PATH, by the names that images and builds use. */
export function writePythonCommands(bin: string, interpreter: string): void {
  // root's own may be closed to others
  const own = `[ -x '${interpreter}' ] && python='${interpreter}' || python=$(PATH=\${PATH#*:} command -v python3)`;
  for (const [name, start] of Object.entries({ python: "", python3: "", pip: "-m pip ", pip3: "-m pip " }))
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${own}\nexec "$python" ${start}"$@"\n`, {
      mode: 0o755,
    });
}

/**
 * Puts a command `aws` into a folder, which knows no other AWS than the emulator.
 * @param elsewhere where other commands ask, by how they begin
 */
export function writeAwsCommand(
  bin: string,
  interpreter: string,
  packages: string[],
  endpoint: string,
  elsewhere: Record<string, string> = {},
): void {
  const cases = Object.entries(elsewhere).map(([begin, at]) => `"${begin} "*) endpoint=${at} ;;`);
  const lines = [
    "#!/bin/sh",
    `endpoint=${endpoint}`,
    `case "$1 $2 " in ${cases.join(" ")} esac`,
    `python=$(command -v '${interpreter}' || command -v python3)`, // root's own may be closed to others
    `PYTHONPATH='${packages.join(path.delimiter)}' exec "$python" -m awscli "$@" --endpoint-url "$endpoint"`,
  ];
  fs.writeFileSync(path.join(bin, "aws"), `${lines.join("\n")}\n`, { mode: 0o755 });
}
