// The `docker` command of builds: it runs a Dockerfile on an image of Node or Python with this machine's own programs, in the build's folder,
// and leaves every other to the sandbox, which may have a real Docker. Plain JavaScript, because it is copied into the build and run there as
// the build's user.
const { execFileSync, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { parseArgs } = require("node:util");

const folder = path.join(process.env.HOME, "..", "image");
const noteFile = path.join(folder, "image.json");
const say = (line) => console.log(line);
const fail = (line) => {
  console.error(line);
  process.exit(1);
};
const note = () => JSON.parse(fs.readFileSync(noteFile, "utf8"));
const write = (image) => fs.writeFileSync(noteFile, JSON.stringify(image, null, 1));

const OPTIONS = {
  tag: { type: "string", short: "t" },
  file: { type: "string", short: "f" },
  "build-arg": { type: "string", multiple: true, default: [] },
  push: { type: "boolean", default: false },
  // Options without effect here: which builder, for which processor, and what it records about itself.
  builder: { type: "string" },
  platform: { type: "string" },
  provenance: { type: "string" },
};

const commands = {
  login: () => {
    fs.readFileSync(0); // the password, which nobody asks for here
    say("Login Succeeded");
  },
  buildx: ([command, ...args]) => {
    if (command !== "build") fail(`The sandbox has no Docker and does not know docker buildx ${command}.`);
    commands.build(args);
  },
  build: (args) => {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const { tag, push, file } = values;
    const context = path.resolve(positionals[0] ?? ".");
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    const given = Object.fromEntries(values["build-arg"].map(pair));
    const dockerfile = path.resolve(file ?? path.join(context, "Dockerfile"));
    const all = instructions(fs.readFileSync(dockerfile, "utf8"));
    const needs = CHANNEL === undefined ? undefined : beyond(all);
    const image = needs
      ? { needs, content: byDocker({ context, dockerfile: path.relative(context, dockerfile), args: given }) }
      : build(context, dockerfile, all, given);
    write({ tags: [tag], ...image });
    say(`Built ${tag}`);
    if (push) commands.push([tag]);
  },
  tag: ([from, to]) => {
    const image = note();
    if (!image.tags.includes(from)) fail(`There is no image ${from} here.`);
    write({ ...image, tags: [...image.tags, to] });
  },
  push: ([tag]) => {
    const image = note();
    if (!image.tags.includes(tag)) fail(`There is no image ${tag} here.`);
    const [repository, version] = tag.slice(tag.indexOf("/") + 1).split(":");
    const content = image.content ?? sumOf(path.join(folder, "root"));
    const config = { build: process.env.CODEBUILD_BUILD_ID, content };
    const manifest = JSON.stringify({ schemaVersion: 2, config });
    const to = ["--repository-name", repository, "--image-tag", version, "--image-manifest", manifest];
    execFileSync("aws", ["ecr", "put-image", ...to], { stdio: ["ignore", "ignore", "inherit"] });
    write({ ...image, repository, version });
    say(`Pushed ${tag}`);
  },
};

/** `NAME=VALUE` as a pair; a value may contain further equals signs. */
const pair = (text) => [text.split("=", 1)[0], text.slice(text.indexOf("=") + 1)];

/** A hash of names and contents, so that other content makes another image. */
function sumOf(root) {
  const sum = createHash("sha256");
  const entries = fs.existsSync(root) ? fs.readdirSync(root, { recursive: true, withFileTypes: true }) : [];
  const files = entries.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
  for (const file of files.sort())
    sum
      .update(`${path.relative(root, file)}\0`)
      .update(fs.readFileSync(file))
      .update("\0");
  return sum.digest("hex");
}

/** Node and Python base images, and what they need: this machine's own programs stand for them. */
const NODE = /(^|\/)node(js\d+[\w-]*)?([:@]\S+)?$/;
const PYTHON = /(^|\/)python([:@]\S+)?$/;

const baseOf = (base) => (NODE.test(base) ? "node" : PYTHON.test(base) ? "python" : undefined);
/** What a FROM stands on, and what it is called. */
const fromOf = (rest) => {
  const [base, , name] = rest.replace(/^(--\S+\s+)*/, "").split(/\s+/);
  return { base, name };
};

/** The first thing in a Dockerfile that is not carried out here: a base or an instruction. */
function beyond(all) {
  const names = new Set();
  let count = 0;
  for (const [instruction, rest] of all) {
    if (!KNOWN.includes(instruction)) return instruction;
    if (instruction === "RUN" && /^(--|<<)/.test(rest)) return `RUN ${rest.split(/[=\s]/)[0]}`;
    if (instruction !== "FROM") continue;
    const { base, name } = fromOf(rest);
    if (!names.has(base) && !baseOf(base)) return base;
    names.add(String(count++)).add(name);
  }
  return undefined;
}

/** Where the sandbox listens to a build, if it has a Docker. */
const CHANNEL = process.env.GROUNDWORK_DOCKER && Number(process.env.GROUNDWORK_DOCKER);

/** Has the sandbox build an image, which writes to the build's log meanwhile. Returns the image's content by name. */
function byDocker(request) {
  say("Docker builds this image.");
  fs.writeSync(CHANNEL, `${JSON.stringify(request)}\n`);
  let text = "";
  while (!text.endsWith("\n")) {
    const part = Buffer.alloc(1024);
    const length = fs.readSync(CHANNEL, part);
    if (length === 0) fail("The sandbox gave no answer.");
    text += part.toString("utf8", 0, length);
  }
  const { content, failed } = JSON.parse(text);
  return failed ? fail(failed) : content;
}

/** Each instruction in order; only those that an image of ours or a plain one for Node has. */
function build(context, file, all, given) {
  /** By number and by name. The last one is the image. */
  const stages = {};
  let count = 0;
  const last = all.map(([instruction]) => instruction).lastIndexOf("FROM");
  let image, inside;
  let wanted = {};
  for (const [at, [instruction, rest]] of all.entries()) {
    say(`${instruction} ${rest}`);
    switch (instruction) {
      case "FROM": {
        const { base, name } = fromOf(rest);
        const before = stages[base];
        const own = before?.base ?? baseOf(base);
        if (!own) {
          say(
            `The sandbox uses no Docker: an image on ${base} is not built here, and the project's address says so.`,
          );
          return { needs: base };
        }
        const root = path.join(folder, at === last ? "root" : `stage-${at}`);
        const begin = { environment: {}, workdir: "/", entrypoint: "", command: "" };
        image = { ...begin, ...before, environment: { ...before?.environment }, base: own, root };
        if (before) fs.cpSync(before.root, root, { recursive: true, verbatimSymlinks: true });
        else fs.mkdirSync(root, { recursive: true });
        stages[count++] = image;
        if (name) stages[name] = image;
        const stage = image;
        inside = (to) => path.join(stage.root, path.posix.resolve(stage.workdir, to));
        /** Available only to the build's steps. */
        wanted = {};
        break;
      }
      case "WORKDIR":
        image.workdir = path.posix.resolve(image.workdir, rest);
        fs.mkdirSync(inside("."), { recursive: true });
        break;
      case "COPY": {
        const [, name, words] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest);
        const from = name ? stages[name]?.root : context;
        if (!from) fail(`COPY finds no stage ${name}.`);
        copy(from, words.split(/\s+/), inside, name ? () => false : ignoring(context, file));
        break;
      }
      case "ENV":
        for (const [, name, value] of rest.matchAll(/(\w+)=("[^"]*"|\S+)/g))
          image.environment[name] = value.replace(/^"(.*)"$/, "$1");
        break;
      case "ARG": {
        const [name, byDefault] = rest.includes("=") ? pair(rest) : [rest];
        const value = given[name] ?? byDefault;
        if (value !== undefined) wanted[name] = value;
        break;
      }
      case "RUN":
        run(within(image.root, rest), inside("."), { ...wanted, ...image.environment, ...ownOf(image) });
        break;
      case "ENTRYPOINT":
        image.entrypoint = rest;
        break;
      case "CMD":
        image.command = rest;
        break;
      case "USER":
      case "EXPOSE":
      case "HEALTHCHECK":
        break; // a server here runs as nobody, its port is given, and health checks use the port
      default:
        fail(`The sandbox has no Docker and does not know the instruction ${instruction}.`);
    }
  }
  const { base, entrypoint, command, workdir, environment } = image;
  if (!entrypoint && !command) fail("The Dockerfile names neither an ENTRYPOINT nor a CMD.");
  for (const { root } of Object.values(stages))
    if (path.basename(root) !== "root") fs.rmSync(root, { recursive: true, force: true });
  return {
    base,
    workdir,
    environment,
    command: [entrypoint, command].filter(Boolean).map(asShell).join(" "),
  };
}

/** A list of words in shell syntax, with this machine's Node for the image's own. */
function asShell(text) {
  if (!text.startsWith("[")) return text;
  const words = JSON.parse(text).map((word) => word.replace(/^\/.*\/node$/, "node"));
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}

/** The instructions that are carried out here. */
const KNOWN = [
  "FROM",
  "WORKDIR",
  "COPY",
  "ENV",
  "ARG",
  "RUN",
  "ENTRYPOINT",
  "CMD",
  "USER",
  "EXPOSE",
  "HEALTHCHECK",
];

const SYSTEM = "bin|dev|etc|lib\\w*|opt|proc|run|sbin|sys|tmp|usr|var";

/** A command with the image's own paths if they exist here; the system's paths are this machine's. */
const within = (root, command) =>
  command.replace(new RegExp(`(^|[\\s='"])/(?!(?:${SYSTEM})(?:/|\\s|$))(?=[\\w.])`, "g"), `$1${root}/`);

function instructions(text) {
  const lines = text.replace(/\\\r?\n/g, " ").split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, instruction, rest] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    return instruction ? [[instruction.toUpperCase(), rest]] : [];
  });
}

function run(command, cwd, environment) {
  // An image's step has none of the build's own rights.
  const { PATH, HOME, TMPDIR, LANG, NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, PIP_CERT } = process.env;
  const trusted = { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, PIP_CERT };
  const env = { PATH, HOME, TMPDIR, LANG, ...trusted, ...environment };
  const { status } = spawnSync("sh", ["-c", command], { cwd, env, stdio: "inherit" });
  if (status !== 0) fail(`The command ${command} ended with ${status}.`);
}

/** Keeps an image's packages in the image. */
function ownOf({ base, root }) {
  if (base !== "python") return {};
  return {
    PYTHONUSERBASE: path.join(root, ".python"),
    PIP_USER: "1",
    PIP_IGNORE_INSTALLED: "1", // what this machine has is not the image's
    PIP_BREAK_SYSTEM_PACKAGES: "1",
    PIP_NO_WARN_SCRIPT_LOCATION: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}

function copy(context, words, inside, ignored) {
  const to = words.pop();
  const wanted = words.flatMap((word) => matching(context, word));
  if (wanted.length === 0) fail(`COPY finds nothing of ${words.join(" ")}.`);
  for (const name of wanted) {
    const from = path.join(context, name);
    const isFolder = fs.statSync(from).isDirectory();
    const whole = isFolder || (words.length === 1 && !/(^|\/)\.{0,2}$/.test(to));
    const target = whole ? inside(to) : path.join(inside(to), path.basename(name));
    fs.cpSync(from, target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (each) => !ignored(path.relative(context, each)),
    });
  }
}

/** The files that a COPY argument names; a star stands for a part of a name. */
function matching(context, word) {
  const name = path.posix.normalize(word).replace(/^\/|\/$/g, "");
  if (name.startsWith("..")) fail(`COPY must stay in the repository, got ${word}.`);
  if (!name.includes("*")) return fs.existsSync(path.join(context, name)) ? [name] : [];
  const folder = path.posix.dirname(name);
  const rule = expression(path.posix.basename(name));
  return fs.readdirSync(path.join(context, folder)).filter((each) => rule.test(each)).map((each) => path.join(folder, each)); // prettier-ignore
}

/** Whether a Dockerfile's own .dockerignore, or else the context's, excludes a file: the last matching line decides. */
function ignoring(context, dockerfile) {
  const files = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")];
  const file = files.find((one) => fs.existsSync(one));
  const lines = file ? fs.readFileSync(file, "utf8").split("\n") : [];
  const rules = lines
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => ({
      keeps: line.startsWith("!"),
      rule: expression(line.replace(/^!/, "").replace(/^\//, "")),
    }));
  return (name) =>
    name !== "" && rules.reduce((ignored, { keeps, rule }) => (rule.test(name) ? !keeps : ignored), false);
}

/** A pattern of Docker's, which also matches everything below a folder. */
function expression(pattern) {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/?/g, "\0")
    .replace(/\*/g, "[^/]*")
    .replaceAll("?", "[^/]")
    .replaceAll("\0", "(.*/)?");
  return new RegExp(`^${text}(/.*)?$`);
}

const [command, ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, command)) fail(`The sandbox has no Docker and does not know docker ${command}.`);
commands[command](args);
