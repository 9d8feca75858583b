import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { unzipSync } from "fflate";
import { bytesOf, zipOf } from "../../sandbox/engine/archive";
import { readConfiguration, servedAt } from "../../sandbox/engine/config";
import { pascal } from "../../sandbox/engine/shape";
import { inOrder, readable } from "../../sandbox/logs/lines";
import { chosen, sourcesIn } from "../../sandbox/logs/sources";
import { root } from "../../sandbox/paths";
import { freePort } from "../../sandbox/ports";
import { rowOf } from "../../sandbox/resources";
import { newFolder } from "../folder";

describe("a free port", () => {
  it("is never one that the system lends to outgoing connections, and never given twice", async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, freePort));
    assert.equal(new Set(ports).size, ports.length);
    assert.deepEqual(
      ports.filter((port) => port < 1024 || port >= 32_768),
      [],
    );
  });
});

describe("the sandbox shows logs", () => {
  it("as a person reads them", () => {
    const request = { level: 30, time: 1, instance: "i-1", method: "GET", path: "/", statusCode: 200 };
    const failure = {
      level: 40,
      time: 1,
      err: { message: "away", stack: "Error: away\n at x" },
      msg: "lost",
    };
    assert.deepEqual(
      [JSON.stringify(request), JSON.stringify(failure), "plain text", "{broken"].flatMap((line) =>
        readable(line).map(({ text }) => text),
      ),
      ["method=GET path=/ statusCode=200", "lost error=away", "plain text", "{broken"],
    );
  });

  it("without measurements and the bookkeeping of calls", () => {
    const noise = [
      '{"_aws":{"Timestamp":1},"Requests":1}',
      "START RequestId: 1 Version: 2",
      "END RequestId: 1",
    ];
    assert.deepEqual(
      noise.flatMap((line) => readable(line)),
      [],
    );
  });
});

describe("the sandbox finds logs", () => {
  const sources = sourcesIn({
    files: ["engine", "i-1a", "i-2b", "i-2b-agent"],
    groups: ["uploads-mover-9", "web-9", "/aws/codebuild/blog"],
    functions: [{ name: "uploads-mover-7", group: "uploads-mover-9" }],
    resources: [
      {
        type: "aws:lambda/function:Function",
        name: "uploads-mover",
        id: "uploads-mover-7",
        component: "uploads",
      },
      { type: "aws:cloudwatch/logGroup:LogGroup", name: "web", id: "web-9", component: "web" },
    ],
  });
  const CASES: [words: string[], found: string[]][] = [
    [[], ["i-1a", "i-2b", "i-2b-agent", "uploads-mover", "web", "/aws/codebuild/blog"]],
    [["servers"], ["i-1a", "i-2b", "i-2b-agent"]],
    [["Server"], ["i-1a", "i-2b", "i-2b-agent"]],
    [["database"], ["i-2b", "i-2b-agent"]],
    [["web"], ["i-1a", "web"]],
    [["i-2b"], ["i-2b", "i-2b-agent"]],
    [["functions"], ["uploads-mover"]],
    [["uploads-mover-7"], ["uploads-mover"]],
    [["uploads-mover-9"], ["uploads-mover"]],
    [["upl"], ["uploads-mover"]],
    [
      ["emulators", "uploads"],
      ["engine", "uploads-mover"],
    ],
    [["/aws/codebuild/blog"], ["/aws/codebuild/blog"]],
  ];
  for (const [words, found] of CASES)
    it(`by ${words.join(" and ") || "no word: all but the emulators' own"}`, () => {
      assert.deepEqual(
        chosen(sources, words)
          .map(({ name }) => name)
          .sort(),
        [...found].sort(),
      );
    });

  it("refuses a word that names none, and says which do", () => {
    assert.throws(() => chosen(sources, ["web", "moon"]), {
      message:
        /^No log is called "moon"\. Ask .*:\n {2}server +i-1a, i-2b\n {2}function +uploads-mover\n {2}group .*\n {2}emulator +engine$/,
    });
    assert.throws(() => chosen(sources, [""]), /No log is called ""/);
  });

  it("in the order of time, where a line without one follows that before it", () => {
    const said = [
      [{ at: 1, text: "a" }, { text: "b" }, { at: 5, text: "e" }],
      [
        { at: 2, text: "c" },
        { at: 3, text: "d" },
      ],
    ];
    assert.deepEqual(
      inOrder(said).map(({ text }) => text),
      ["a", "b", "c", "d", "e"],
    );
  });

  it("with the time that a line tells", () => {
    const lines = ['{"time":1700000000000,"msg":"x"}', "2026-11-27 07:17:19.943 UTC [1] LOG: x", "x"];
    assert.deepEqual(
      lines.flatMap(readable).map(({ at }) => at),
      [1700000000000, Date.UTC(2026, 10, 27, 7, 17, 19, 943), undefined],
    );
  });
});

describe("the sandbox packs archives", () => {
  const archive = new pulumi.asset.AssetArchive({
    "index.js": new pulumi.asset.StringAsset("exports.a = 1;"),
    "lib/config.js": new pulumi.asset.FileAsset("eslint.config.mjs"),
    stacks: new pulumi.asset.FileArchive("components/network"),
  });

  it("zips texts, files and folders under their names", async () => {
    const files = unzipSync(await zipOf(archive));
    assert.equal(Buffer.from(files["index.js"]!).toString(), "exports.a = 1;");
    assert.deepEqual(
      Buffer.from(files["lib/config.js"]!),
      fs.readFileSync(path.join(root, "eslint.config.mjs")),
    );
    const expected = fs.readdirSync(path.join(root, "components/network")).map((name) => `stacks/${name}`);
    assert.deepEqual(Object.keys(files).sort(), ["index.js", "lib/config.js", ...expected].sort());
  });

  it("gives the same bytes for the same content", async () => {
    assert.deepEqual(await zipOf(archive), await zipOf(archive));
  });

  it("refuses an asset from elsewhere", async () => {
    const remote = new pulumi.asset.RemoteAsset("https://example.com/a");
    await assert.rejects(bytesOf(remote), /RemoteAsset cannot be read here/);
  });
});

describe("the sandbox reads settings", () => {
  it("gives them as Pulumi's own engine would", () => {
    const { project, region, values } = readConfiguration("sandbox");
    assert.deepEqual([project, region], ["groundwork", "eu-west-1"]);
    assert.equal(values["groundwork:environment"], "dev");
    assert.equal(typeof values["groundwork:web"], "string");
  });

  it("lets the pages of the site here send files, beside those that the stack names", () => {
    const values = { "groundwork:uploads": '{"maxUploadMiB":5,"moreOrigins":["https://a.example"]}' };
    const configuration = { project: "p", stack: "s", region: "r", defaultTags: {}, values };
    assert.deepEqual(
      JSON.parse(servedAt({ site: "127.0.0.1:9000" }, configuration).values["groundwork:uploads"]!),
      {
        maxUploadMiB: 5,
        moreOrigins: ["https://a.example", "http://127.0.0.1:9000", "http://localhost:9000"],
      },
    );
    assert.deepEqual(servedAt({ site: "127.0.0.1:9000" }, { ...configuration, values: {} }).values, {});
  });

  function refuses(settings: string, message: RegExp): void {
    const folder = newFolder("groundwork-settings");
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: groundwork\n");
    fs.writeFileSync(path.join(folder, "Pulumi.x.yaml"), settings);
    assert.throws(() => readConfiguration("x", folder), message);
  }

  it("refuses an encrypted value", () => {
    refuses("config:\n  groundwork:key:\n    secure: AAAB\n", /The setting groundwork:key is encrypted/);
  });

  it("refuses what is not YAML, in one line that says where", () => {
    refuses("config:\n  a: 1\n b: 2\n", /^Error: Pulumi\.x\.yaml is not YAML: .* \(3:2\)\.$/);
  });
});

describe("the sandbox's tables", () => {
  it("spell inputs as the APIs do, and leave the program's own words alone", () => {
    assert.deepEqual(pascal({ vpcId: "v", list: [{ aB: 1, none: undefined }], tags: { owner: "me" } }), {
      VpcId: "v",
      List: [{ AB: 1 }],
      Tags: { owner: "me" },
    });
  });

  it("take the second spelling of the bucket's resources", () => {
    assert.equal(
      rowOf("aws:s3/bucketVersioningV2:BucketVersioningV2"),
      rowOf("aws:s3/bucketVersioning:BucketVersioning"),
    );
  });

  it("refuses a type of nobody's", () => {
    assert.throws(() => rowOf("aws:mq/broker:Broker"), /does not make the type aws:mq\/broker:Broker/);
    assert.throws(
      () => rowOf("awsx:ecs:FargateService", { component: true }),
      /does not make the type awsx:ecs:FargateService/,
    );
  });
});
