// What builds call by the name of docker where no Docker is: carries out a Dockerfile on an image of Node or Python by this machine's own, in
// the build's folder. Plain JavaScript, since it is copied into the build and run there as whoever the build runs as.
const { execFileSync, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const folder = path.join(process.env.HOME, "..", "image");
const noteFile = path.join(folder, "image.json");
const say = (line) => console.log(line);
const fail = (line) => {
  console.error(line);
  process.exit(1);
};
const note = () => JSON.parse(fs.readFileSync(noteFile, "utf8"));
const write = (image) => fs.writeFileSync(noteFile, JSON.stringify(image, null, 1));

const commands = {
  login: () => {
    fs.readFileSync(0); // the password, which nobody asks for here
    say("Login Succeeded");
  },
  build: (args) => {
    const tag = args[args.indexOf("--tag") + 1];
    const context = path.resolve(args.at(-1));
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(path.join(folder, "root"), { recursive: true });
    const given = args.flatMap((arg, i) => (arg === "--build-arg" ? [pair(args[i + 1])] : []));
    write({ tag, ...build(context, Object.fromEntries(given)) });
    say(`Built ${tag}`);
  },
  push: ([tag]) => {
    const image = note();
    if (image.tag !== tag) fail(`There is no image ${tag} here.`);
    const [repository, version] = tag.slice(tag.indexOf("/") + 1).split(":");
    const manifest = JSON.stringify({ schemaVersion: 2, config: { build: process.env.CODEBUILD_BUILD_ID } });
    const to = ["--repository-name", repository, "--image-tag", version, "--image-manifest", manifest];
    execFileSync("aws", ["ecr", "put-image", ...to], { stdio: ["ignore", "ignore", "inherit"] });
    write({ ...image, repository });
    say(`Pushed ${tag}`);
  },
};

/** `NAME=VALUE` as a pair; a value may hold more equals signs. */
const pair = (text) => [text.split("=", 1)[0], text.slice(text.indexOf("=") + 1)];

/** Each instruction in its order; what an image of ours or a plain one for Node has, and nothing else. */
function build(context, given) {
  const image = { environment: {}, workdir: "/", command: "" };
  /** What only the steps of the build find. */
  const wanted = {};
  const inside = (to) => path.join(folder, "root", path.posix.resolve(image.workdir, to));
  for (const [instruction, rest] of instructions(fs.readFileSync(path.join(context, "Dockerfile"), "utf8"))) {
    say(`${instruction} ${rest}`);
    switch (instruction) {
      case "FROM":
        image.base = /^(?:\S+\/)?(node|python)(?::\S+)?$/.exec(rest)?.[1];
        if (!image.base) {
          say(
            `The sandbox has no Docker: an image on ${rest} is not built here, and the project's address says so.`,
          );
          return { needs: rest };
        }
        break;
      case "WORKDIR":
        image.workdir = path.posix.resolve(image.workdir, rest);
        fs.mkdirSync(inside("."), { recursive: true });
        break;
      case "COPY":
        copy(context, rest.split(/\s+/), inside);
        break;
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
        run(rest, inside("."), { ...wanted, ...image.environment, ...ownOf(image.base) });
        break;
      case "CMD":
        image.command = rest;
        break;
      case "USER":
      case "EXPOSE":
        break; // whoever runs a server here is nobody, and its port is given
      default:
        fail(`The sandbox has no Docker and does not know the instruction ${instruction}.`);
    }
  }
  if (!image.command) fail("The Dockerfile names no CMD.");
  return image;
}

function instructions(text) {
  const lines = text.replace(/\\\r?\n/g, " ").split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, instruction, rest] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? [];
    return instruction ? [[instruction.toUpperCase(), rest]] : [];
  });
}

function run(command, cwd, environment) {
  // A step of an image has none of the build's own rights.
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  const env = { PATH, HOME, TMPDIR, LANG, ...environment };
  const { status } = spawnSync("sh", ["-c", command], { cwd, env, stdio: "inherit" });
  if (status !== 0) fail(`The command ${command} ended with ${status}.`);
}

/** What keeps an image's packages in the image. */
function ownOf(base) {
  if (base !== "python") return {};
  return {
    PYTHONUSERBASE: path.join(folder, "root", ".python"),
    PIP_USER: "1",
    PIP_IGNORE_INSTALLED: "1", // what this machine has is none of the image's
    PIP_BREAK_SYSTEM_PACKAGES: "1",
    PIP_NO_WARN_SCRIPT_LOCATION: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}

function copy(context, words, inside) {
  const to = words.pop();
  const ignored = ignoring(context);
  const wanted = words.flatMap((word) => matching(context, word));
  if (wanted.length === 0) fail(`COPY finds nothing of ${words.join(" ")}.`);
  for (const name of wanted) {
    const from = path.join(context, name);
    const isFolder = fs.statSync(from).isDirectory();
    const target = isFolder ? inside(to) : path.join(inside(to), path.basename(name));
    fs.cpSync(from, target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (each) => !ignored(path.relative(context, each)),
    });
  }
}

/** The files that a word of COPY names; a star stands for a part of a name. */
function matching(context, word) {
  const name = path.posix.normalize(word).replace(/\/$/, "");
  if (name.startsWith("..")) fail(`COPY must stay in the repository, got ${word}.`);
  if (!name.includes("*")) return fs.existsSync(path.join(context, name)) ? [name] : [];
  const folder = path.posix.dirname(name);
  const rule = expression(path.posix.basename(name));
  return fs.readdirSync(path.join(context, folder)).filter((each) => rule.test(each)).map((each) => path.join(folder, each)); // prettier-ignore
}

/** Whether the .dockerignore keeps a file out: the last line that fits says so. */
function ignoring(context) {
  const file = path.join(context, ".dockerignore");
  const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
  const rules = lines
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"))
    .map((line) => ({
      keeps: line.startsWith("!"),
      rule: expression(line.replace(/^!/, "").replace(/^\//, "")),
    }));
  return (name) => rules.reduce((ignored, { keeps, rule }) => (rule.test(name) ? !keeps : ignored), false);
}

/** A pattern of Docker's, which fits what lies below a folder as well. */
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
