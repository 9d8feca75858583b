// The programs in other languages that components/README.md shows, by the commands that it shows, under Pulumi's own engine. Their
// components come from plugin/, and AWS is an account of our own, as in engine.test.ts.
import { strict as assert } from "node:assert";
import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { newFolder } from "../folder";
import { skip } from "../skip";
import { some } from "../some";
import { cliFor, ended, Ended, State, surroundings } from "./stack";

const ROOT = path.join(__dirname, "../..");
const README = fs.readFileSync(path.join(ROOT, "components/README.md"), "utf8");
type Language = "Python" | "Go" | "YAML";

/** The files that it shows for a language, each by the name in its first line: those after the paragraph that begins with the language. */
function shown(language: Language): Record<string, string> {
  const chapters = README.split(/^(?=(?:Python|Go|YAML|Where)\b)/m);
  const chapter = chapters.find((one) => one.startsWith(language));
  assert.ok(chapter, `no paragraph of components/README.md begins with ${language}`);
  const blocks = chapter.matchAll(/^```\w*\n(?:#|\/\/) (\S+)\n([^]*?)^```/gm);
  return Object.fromEntries([...blocks].map(([, file, text]) => [file!, text!]));
}

/** What the programs export. */
interface Outputs {
  url: string;
  privateSubnetIds: string[];
}

interface Program {
  run(...args: string[]): Promise<Ended>;
  rewrite(file: string, change: (text: string) => string): void;
  state(): Promise<State>;
  close(): Promise<void>;
}

async function startProgram(cli: string, files: Record<string, string>): Promise<Program> {
  const folder = newFolder("groundwork-language");
  const app = path.join(folder, "app");
  fs.mkdirSync(app);
  fs.writeFileSync(path.join(app, "Dockerfile"), "FROM scratch\n");
  const at = (file: string) => path.join(folder, file);
  for (const [file, text] of Object.entries(files)) fs.writeFileSync(at(file), text);
  const { env, close } = await surroundings(cli, folder);
  const options = {
    cwd: folder,
    env: { ...env, PATH: [cli, env.PATH].join(path.delimiter) },
    maxBuffer: 1 << 28,
  };
  const run = (...args: string[]) =>
    ended(promisify(execFile)(path.join(cli, "pulumi"), [...args, "--color", "never"], options));
  return {
    run,
    close,
    rewrite: (file, change) => fs.writeFileSync(at(file), change(fs.readFileSync(at(file), "utf8"))),
    async state() {
      const { output } = await run("stack", "export");
      return (JSON.parse(output) as { deployment: State }).deployment;
    },
  };
}

/** The language's host and what it starts, which the official CLI brings, and the language itself. */
function programsFor(context: Mocha.Context, cli: string, programs: string[]): void {
  const folders = [cli, ...(process.env.PATH ?? "").split(path.delimiter)];
  for (const program of programs)
    if (!folders.some((folder) => fs.existsSync(path.join(folder, program))))
      skip(context, "languages", `${program} is neither with the Pulumi CLI nor on the PATH`);
}

/** What fetches the packages that a file lists. */
const FETCHES: Record<string, string[]> = {
  "requirements.txt": ["python3", "-m", "pip", "download", "--quiet", "--requirement", "requirements.txt"],
  "go.mod": ["go", "mod", "download"],
};

/** So that a registry out of reach is no failure of ours. */
function packagesFor(context: Mocha.Context, files: Record<string, string>): void {
  for (const [file, [command, ...args]] of Object.entries(FETCHES)) {
    const text = files[file];
    if (!text) continue;
    const folder = newFolder("groundwork-packages");
    fs.writeFileSync(path.join(folder, file), text);
    try {
      execFileSync(command!, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      skip(
        context,
        "languages",
        `the packages of ${file} cannot be downloaded here: ${(error as Error).message}`,
      );
    }
  }
}

const LANGUAGES = [
  {
    language: "Python",
    programs: ["pulumi-language-python", "pulumi-language-python-exec"],
    main: "__main__.py",
    wrong: { from: 'egress="instance"', to: 'cidr_block="10.0.0.0/30", zones=["a"]' },
    databases: 1,
  },
  {
    language: "Go",
    programs: ["pulumi-language-go", "go"],
    main: "main.go",
    wrong: {
      from: 'Egress: pulumi.String("instance")',
      to: 'CidrBlock: pulumi.String("10.0.0.0/30"), Zones: pulumi.ToStringArray([]string{"a"})',
    },
    databases: 1,
  },
  {
    language: "YAML",
    programs: ["pulumi-language-yaml"],
    main: "Pulumi.yaml",
    wrong: { from: "egress: instance", to: "cidrBlock: 10.0.0.0/30, zones: [a]" },
    databases: 0,
  },
] as const;

describe("the library's README", () => {
  for (const { language, main, wrong } of some(LANGUAGES))
    it(`shows a whole program in ${language}, and nothing of another`, () => {
      const files = shown(language);
      assert.match(files["Pulumi.yaml"]!, new RegExp(`^runtime: .*\\b${language.toLowerCase()}\\b`, "m"));
      assert.ok(files[main]!.includes(wrong.from), files[main]);
      const others = LANGUAGES.filter((one) => one.main !== main && one.main !== "Pulumi.yaml");
      for (const other of some(others)) assert.equal(files[other.main], undefined);
    });
});

for (const { language, programs, main, wrong, databases } of LANGUAGES)
  describe(`a program in ${language} under the official engine`, function () {
    this.timeout(600_000);
    let running: Program;

    before(async function () {
      const cli = cliFor(this);
      programsFor(this, cli, [...programs]);
      const files = shown(language);
      packagesFor(this, files);
      running = await startProgram(cli, files);
    });
    after(() => running?.close());

    const succeeds = async (...args: string[]) => {
      const { code, output } = await running.run(...args);
      assert.equal(code, 0, output);
      return output;
    };

    it("gets its SDK from the plugin", async () => {
      const output = await succeeds("package", "add", path.join(ROOT, "plugin"));
      assert.match(output, /Successfully generated an SDK for the groundwork package/);
      await succeeds("stack", "init", "dev");
      await succeeds("config", "set", "aws:region", "eu-central-1");
    });

    it("gets our own words when it is refused, and no stack trace of ours", async () => {
      let right = "";
      running.rewrite(main, (text) => (right = text).replace(wrong.from, wrong.to));
      const { code, output } = await running.run("preview");
      running.rewrite(main, () => right);
      assert.notEqual(code, 0);
      assert.match(
        output,
        /Network "network": cidrBlock must be [^;\n]+; zones must be a list of at least 2/,
      );
      assert.doesNotMatch(output, /\.ts:\d+|node_modules/);
    });

    it("can be previewed while no output is known yet", async () => {
      const output = await succeeds("preview");
      assert.match(output, /aws:ec2:Vpc network create/);
      assert.deepEqual((await running.state()).resources ?? [], []);
    });

    it("is created, with components that use each other", async () => {
      await succeeds("up", "--yes", "--skip-preview");
      const { resources = [] } = await running.state();
      const ofType = (type: string) => resources.filter((one) => one.type === type);
      const { outputs } = ofType("pulumi:pulumi:Stack")[0] as { outputs: Outputs };
      assert.match(outputs.url, /^http:\/\/web-/);
      const [group] = ofType("aws:autoscaling/group:Group");
      assert.deepEqual(
        (group!.inputs as { vpcZoneIdentifiers: string[] }).vpcZoneIdentifiers,
        outputs.privateSubnetIds,
      );
      assert.equal(ofType("aws:rds/instance:Instance").length, databases);
      // What only a method of the network makes: the servers' way out through its NAT instance.
      const rules = ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ urn }) => urn);
      for (const port of [80, 443])
        assert.ok(
          rules.some((urn) => urn.endsWith(`::web-nat-${port}`)),
          rules.join("\n"),
        );
    });

    it("shows no change when nothing was changed", async () => {
      await succeeds("preview", "--expect-no-changes");
    });

    it("is destroyed as a whole", async () => {
      await succeeds("destroy", "--yes", "--skip-preview");
      assert.deepEqual((await running.state()).resources ?? [], []);
    });
  });
