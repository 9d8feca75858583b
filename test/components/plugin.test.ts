import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import * as ts from "typescript";
import manifest from "../../plugin/package.json";
import { OFFERED, ONLY_FOR_TYPESCRIPT } from "../../plugin/components";
import { some } from "../some";

const PLUGIN = path.join(__dirname, "../../plugin");

/** An argument of each that programs in other languages must be able to give. */
const ARGUMENTS: Record<string, string> = {
  AccessLogs: "expireDays",
  AlarmTopic: "emails",
  AuditTrail: "accessLogs",
  BackupPlan: "resourceArns",
  BakedImage: "network",
  Bastion: "network",
  Budget: "monthlyUsd",
  Delivery: "apiAccount",
  ExternalDatabase: "network",
  FileUploads: "malwareScan",
  GithubOidc: "repository",
  LoadBalancer: "domainName",
  LogExport: "logGroups",
  ManagedDatabase: "kind",
  Mover: "normal",
  Network: "egress",
  Provisioner: "people",
  SharedStorage: "network",
  UserPool: "mfa",
  WebFirewall: "protects",
  WebImage: "dockerfile",
  WebTier: "permissions",
};

/** What Pulumi's analyzer keeps to itself. */
interface Inner {
  componentNames: Set<string>;
  components: object;
  typeDefinitions: object;
  analyzeSymbols(context: { typeName?: string }, symbols: ts.Symbol[]): object;
}

describe("the plugin for programs in other languages", function () {
  this.timeout(120_000);
  let analyzer: Inner & Pick<Analyzer, "analyze">;
  const methods: string[] = [];

  before(() => {
    const names = new Set(OFFERED.map(({ name }) => name));
    analyzer = new Analyzer(PLUGIN, "groundwork", manifest, names) as unknown as typeof analyzer;
    const { analyzeSymbols } = analyzer;
    analyzer.analyzeSymbols = (context, symbols) => {
      for (const { name, flags } of symbols)
        if (flags & ts.SymbolFlags.Method && !(flags & ts.SymbolFlags.Optional) && context.typeName)
          methods.push(`${context.typeName}.${name}`);
      return analyzeSymbols.call(analyzer, context, symbols);
    };
  });

  it("offers each component whose arguments Pulumi's own analyzer can tell", () => {
    const { components } = analyzer.analyze();
    assert.deepEqual(Object.keys(components).sort(), Object.keys(ARGUMENTS));
    for (const [name, argument] of some(Object.entries(ARGUMENTS)))
      assert.ok(argument in components[name]!.inputs, `${name} lacks ${argument}`);
    const outputs = Object.values(components).flatMap((one) => Object.keys(one.outputs));
    assert.deepEqual(
      outputs.filter((output) => !/^[a-z]\w*$/i.test(output)),
      [],
    );
  });

  it("asks for no object with methods, which other languages cannot hand over", () => {
    const theirs = /^(Resource|ComponentResource|CustomResource)\./;
    assert.deepEqual(
      some(methods).filter((one) => !theirs.test(one)),
      [],
    );
  });

  it("starts as the CLI starts it, and says where it listens", async () => {
    const host = spawn(process.execPath, [path.join(PLUGIN, manifest.main), "127.0.0.1:1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(createInterface(host.stdout), "line")) as [string];
      assert.match(line, /^\d+$/);
    } finally {
      host.kill();
    }
  });

  for (const [name, reason] of some(Object.entries(ONLY_FOR_TYPESCRIPT)))
    it(`leaves out ${name}, because ${reason}`, () => {
      Object.assign(analyzer, { componentNames: new Set([name]), components: {}, typeDefinitions: {} });
      assert.throws(() => analyzer.analyze(), /must have an 'args' parameter|(Unsupported|Union) type/);
    });
});
