import { strict as assert } from "node:assert";
import { execFile, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";
import { readOptions } from "../../scripts/load/options";
import { pictureOf } from "../../scripts/load/picture";
import { Report, stretchesOf, summaryOf } from "../../scripts/load/report";
import { Traffic } from "../../scripts/load/traffic";
import { until } from "../../sandbox/problem";
import { listen } from "../listener";
import { some } from "../some";
import { newFolder } from "../folder";
import { leftToAll } from "../left-to-all";

const ROOT = path.join(__dirname, "../..");
const SITE = "https://www.example.com";

const second = (served: number, milliseconds: number[], failed = 0) => ({
  ...{ served, failed, heldBack: 0, milliseconds },
});

const REPORT: Report = {
  site: SITE,
  started: "2026-01-02T03:04:05.000Z",
  clients: 16,
  loadSeconds: 4,
  seconds: 8,
  served: 6,
  heldBack: 2,
  failed: 1,
  stretches: [
    { at: 0, servedPerSecond: 4, heldBackPerSecond: 0, failedPerSecond: 1, p50Ms: 10, p99Ms: 30 },
    { at: 2, servedPerSecond: 2, heldBackPerSecond: 2, failedPerSecond: 0, p50Ms: 20, p99Ms: 70 },
  ],
  group: {
    name: "web",
    looks: [
      { at: 0, wanted: 2, inService: 2, alarms: { up: "OK", down: "ALARM" } },
      { at: 2, wanted: 3, inService: 2, alarms: { up: "ALARM", down: "OK" } },
      { at: 6, wanted: 3, inService: 3, alarms: { up: "OK", down: "OK" } },
    ],
    cpu: [
      { at: 1, percent: 20 },
      { at: 5, percent: 90 },
    ],
  },
};

describe("npm run load", function () {
  this.timeout(60_000);

  for (const [title, args, expected] of some<[string, string[], RegExp]>([
    ["nothing to load", [], /^Say what to load: a URL, or --stack/],
    ["a site and a stack at once", [SITE, "--stack", "dev"], /^Say what to load/],
    ["two sites", [SITE, SITE], /^load takes one URL, got https:\/\/www/],
    ["what is no site", ["www.example.com"], /^The site must be a URL such as .*, got www\.example\.com\.$/],
    ["another protocol", ["ftp://example.com"], /got ftp:\/\/example\.com/],
    ["a password in the site", ["https://a:b@example.com"], /^The site must be a URL/],
    ["no client", [SITE, "--clients", "0"], /^--clients must be a whole number from 1 to 1000, got 0\.$/],
    ["part of a client", [SITE, "--clients", "1.5"], /^--clients must be a whole number/],
    ["an empty number", [SITE, "--minutes", ""], /^--minutes must be a number from 0\.05 to 240, got \.$/],
    ["a path that is none", [SITE, "--path", "load"], /^--path must begin with \/, got load\.$/],
    ["an option that is not known", [SITE, "--users", "4"], /^Unknown option '--users'/],
  ]))
    it(`refuses ${title}`, () => {
      assert.throws(() => readOptions(args), { message: expected });
    });

  it("accepts a site with and without its last slash", () => {
    assert.deepEqual(readOptions([`${SITE}/`, "--minutes", "1", "--then", "0"]), {
      ...{ url: SITE, stack: undefined, group: undefined, clients: 16, minutes: 1, then: 0, out: "load" },
      path: "/load?number=9007199254740881",
    });
  });

  it("counts served, throttled and failed requests separately, and repeats at once only after an answer", async () => {
    const answers = [200, 429, 500, 200];
    let asked = 0;
    const site = await listen((_, response) => {
      response.writeHead(answers[asked++] ?? 200).end();
    });
    const traffic = new Traffic(`${site.url}/load`, 1);
    await until("the fifth request", () => asked >= 5);
    await traffic.stop();
    const askedAtTheEnd = asked;
    await site.close();
    const counted = traffic.seconds.filter((one) => one !== undefined);
    const sum = (what: "served" | "heldBack" | "failed") => counted.reduce((all, one) => all + one[what], 0);
    assert.deepEqual(
      [sum("served"), sum("heldBack"), sum("failed")],
      [askedAtTheEnd - 2, 1, 1],
      "each request is counted once",
    );
    assert.ok(traffic.seconds.length >= 3, "a pause of a second after each refusal");
    assert.equal(counted.flatMap((one) => one.milliseconds).length, sum("served"));
  });

  it("counts a server that hangs up as a failure", async () => {
    let asked = 0;
    const site = await listen((request) => {
      asked += 1;
      request.destroy();
    });
    const traffic = new Traffic(site.url, 1);
    await until("a request", () => asked >= 1);
    await traffic.stop();
    await site.close();
    assert.equal(traffic.seconds.filter((one) => one !== undefined)[0]!.failed, 1);
  });

  it("draws a long run with as many points as a picture can show, and none if nothing was served", () => {
    const seconds = Array.from({ length: 600 }, (_, at) => (at < 590 ? second(2, [at, at + 1]) : undefined));
    const stretches = stretchesOf(seconds);
    assert.equal(stretches.length, 120);
    assert.deepEqual(stretches[0], {
      ...{ at: 0, servedPerSecond: 2, heldBackPerSecond: 0, failedPerSecond: 0, p50Ms: 2, p99Ms: 5 },
    });
    assert.deepEqual(stretches.at(-1), {
      ...{ at: 595, servedPerSecond: 0, heldBackPerSecond: 0, failedPerSecond: 0 },
    });
  });

  it("draws load, latency, CPU, group and alarms over one axis", () => {
    const picture = pictureOf(REPORT);
    const lines = [...picture.matchAll(/data-line="([^"]+)" d="([^"]+)"/g)].map(([, name, d]) => [name, d]);
    assert.deepEqual(
      lines.map(([name]) => name),
      ["served", "held back (429)", "failed", "p50", "p99", "average", "wanted", "in service"],
    );
    const wanted = lines.find(([name]) => name === "wanted")![1]!;
    assert.match(wanted, /^M70 [\d.]+H286\.5V[\d.]+H719\.5V[\d.]+$/, "holds its value until the next look");
    const states = [...picture.matchAll(/<title>(up|down): (\w+)<\/title>/g)].map(([, name, s]) => [name, s]);
    assert.deepEqual(states, [
      ["down", "ALARM"],
      ["down", "OK"],
      ["up", "OK"],
      ["up", "ALARM"],
      ["up", "OK"],
    ]);
  });

  it("draws only the answers if only the site is known, and escapes its markup", () => {
    const picture = pictureOf({ ...REPORT, site: 'https://<b>&"', group: undefined });
    assert.ok(picture.includes("https://&lt;b&gt;&amp;&quot;"));
    assert.ok(!picture.includes("Servers") && !picture.includes("Alarms"));
  });

  it("begins with what a person wants to know", () => {
    assert.deepEqual(summaryOf(REPORT), [
      "6 answers in 4 s, 1.5 a second; the slowest stretch had a p99 of 70 ms",
      "1 requests failed",
      "2 requests were held back (429): the platform bounds what one address may ask",
      "servers in service: 2 at the start, at most 3, 3 at the end",
      "alarms that rang: down, up",
    ]);
  });

  const folder = newFolder("groundwork-load");

  const load = (...args: string[]) =>
    new Promise<{ code: number; said: string }>((resolve) => {
      const all = ["scripts/with-install.cjs", "scripts/load/run.ts", ...args];
      execFile(process.execPath, all, { cwd: ROOT }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, said: stdout + stderr }),
      );
    });

  it("writes picture and figures for a site about which nothing else is known", async function () {
    leftToAll(this);
    const site = await listen((_, response) => void setTimeout(() => response.end("{}"), 20));
    const out = path.join(folder, "site");
    const { code, said } = await load(site.url, "--minutes", "0.05", "--clients", "2", "--out", out);
    await site.close();
    assert.equal(code, 0, said);
    const report = JSON.parse(fs.readFileSync(`${out}.json`, "utf8")) as Report;
    assert.ok(report.served > 20 && report.served < 400, `${report.served} were served`);
    assert.deepEqual([report.failed, report.heldBack, report.group], [0, 0, undefined]);
    assert.match(fs.readFileSync(`${out}.svg`, "utf8"), /^<svg /);
    assert.match(said, /Only the answers are drawn/);
  });

  it("ends with an error if nothing was served", async function () {
    leftToAll(this);
    const site = await listen((_, response) => response.writeHead(503).end());
    const { code, said } = await load(site.url, "--minutes", "0.05", "--out", path.join(folder, "dead"));
    await site.close();
    assert.equal(code, 1, said);
    assert.match(said, /^\d+ requests failed$/m);
  });

  it("says in one line what was wrong in the command", async () => {
    const { code, said } = await load("nowhere");
    assert.equal(code, 1);
    assert.equal(said, "The site must be a URL such as https://www.example.com, got nowhere.\n");
  });
});

describe("the scripts for other load tools", function () {
  this.timeout(30_000);
  const { path: asked } = readOptions([SITE]);

  it("send with k6 the same requests as npm run load", async () => {
    const stubs: Record<string, string> = {
      k6: "export const check = (answer, all) => Object.values(all).every((one) => one(answer)); export const sleep = (s) => globalThis.slept.push(s);",
      "k6/http":
        "export default { get: (url) => (globalThis.asked.push(url), { status: globalThis.asked.length === 1 ? 200 : 429 }) };",
    };
    const { outputFiles } = await build({
      entryPoints: [path.join(ROOT, "scripts/load/k6.js")],
      ...{ bundle: true, write: false, format: "cjs", logLevel: "silent" },
      plugins: [
        {
          name: "k6",
          setup(setup) {
            setup.onResolve({ filter: /^k6/ }, ({ path: name }) => ({ path: name, namespace: "k6" }));
            setup.onLoad({ filter: /.*/, namespace: "k6" }, ({ path: name }) => ({ contents: stubs[name]! }));
          },
        },
      ],
    });
    const seen = { asked: [] as string[], slept: [] as number[], __ENV: { SITE }, module: { exports: {} } };
    const names = [...Object.keys(seen), "globalThis"];
    new Function(...names, outputFiles[0]!.text)(...Object.values(seen), seen);
    const visitor = (seen.module.exports as { default: () => void }).default;
    visitor();
    visitor();
    assert.deepEqual(seen.asked, [SITE + asked, SITE + asked]);
    assert.deepEqual(seen.slept, [1], "a pause after a refusal only");
  });

  it("send with Locust the same requests as npm run load", () => {
    fs.writeFileSync(path.join(stub, "locust.py"), STUB);
    const script =
      "import locustfile as f; v = f.Visitor(); v.load(); print(v.client.asked, f.Visitor.wait_time)";
    const { stdout, stderr } = spawnSync("python3", ["-B", "-c", script], {
      encoding: "utf8",
      env: { ...process.env, PYTHONPATH: [stub, path.join(ROOT, "scripts/load")].join(path.delimiter) },
    });
    assert.equal(stdout, `['${asked}'] 0\n`, stderr);
  });

  const stub = newFolder("groundwork-locust");
  after(() => fs.rmSync(stub, { recursive: true }));
  const STUB = `
class Client:
    def __init__(self):
        self.asked = []
    def get(self, path, name):
        self.asked.append(path)
class FastHttpUser:
    def __init__(self):
        self.client = Client()
def constant(seconds):
    return seconds
def task(function):
    return function
`;
});
