import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import * as pulumi from "@pulumi/pulumi";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import * as ts from "typescript";
import { run, valueOf } from "../../components/testing";
import { dependencies } from "../../package.json";
import manifest from "../../plugin/package.json";
import { ONLY_FOR_TYPESCRIPT, WITHOUT_ARGUMENTS } from "../../plugin/components";
import { Host } from "../../plugin/host";
import { DECIDING, Schema, STANDS_FOR } from "../../plugin/schema";
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
  components: Record<string, { inputs: object; outputs: object }>;
  typeDefinitions: object;
  analyzeSymbols(context: { typeName?: string }, symbols: ts.Symbol[]): object;
}

describe("the plugin for programs in other languages", function () {
  this.timeout(120_000);
  /** The host's own, which has read all sources: a second one would take as long again. */
  let analyzer: Inner & Pick<Analyzer, "analyze">;
  let schema: Schema;
  const methods: string[] = [];
  const token = (name: string) => `groundwork:index:${name}`;

  before(async () => {
    const prototype = Analyzer.prototype as unknown as Inner;
    const { analyzeSymbols } = prototype;
    prototype.analyzeSymbols = function (context, symbols) {
      analyzer = this as typeof analyzer;
      for (const { name, flags } of symbols)
        if (flags & ts.SymbolFlags.Method && !(flags & ts.SymbolFlags.Optional) && context.typeName)
          methods.push(`${context.typeName}.${name}`);
      return analyzeSymbols.call(this, context, symbols);
    };
    try {
      schema = JSON.parse(await new Host().getSchema()) as Schema;
    } finally {
      prototype.analyzeSymbols = analyzeSymbols;
    }
  });

  it("offers each component whose arguments Pulumi's own analyzer can describe", () => {
    const { components } = analyzer;
    assert.deepEqual(Object.keys(components).sort(), Object.keys(ARGUMENTS));
    for (const [name, argument] of some(Object.entries(ARGUMENTS)))
      assert.ok(argument in components[name]!.inputs, `${name} lacks ${argument}`);
    const outputs = Object.values(components).flatMap((one) => Object.keys(one.outputs));
    assert.deepEqual(
      outputs.filter((output) => !/^[a-z]\w*$/i.test(output)),
      [],
    );
  });

  it("requires no object with methods, which other languages cannot pass", () => {
    const theirs = /^(Resource|ComponentResource|CustomResource)\./;
    assert.deepEqual(
      some(methods).filter((one) => !theirs.test(one)),
      [],
    );
  });

  describe("describes to other languages", () => {
    it("every component, including those without arguments", () => {
      const names = [...Object.keys(ARGUMENTS), ...Object.keys(WITHOUT_ARGUMENTS)].map(token);
      assert.deepEqual(Object.keys(schema.resources).sort(), names.sort());
    });

    it("which components an argument accepts, and the fields that can replace them", () => {
      const { inputProperties } = schema.resources[token("WebTier")]!;
      const refs = (name: string) => inputProperties[name]!.oneOf!.map(({ $ref }) => $ref);
      const [types, resources] = ["types", "resources"].map((kind) => `#/${kind}/groundwork:index:`);
      assert.deepEqual(refs("network"), [`${types}NetworkLike`, `${resources}Network`]);
      assert.deepEqual(refs("database"), [
        `${types}DatabaseLike`,
        `${resources}ExternalDatabase`,
        `${resources}ManagedDatabase`,
        `${resources}SharedStorage`,
      ]);
      // Has no field but what its users wait for, which only the component itself can hand over.
      const { apiAccount } = schema.resources[token("Delivery")]!.inputProperties;
      assert.equal(apiAccount!.$ref, `${resources}ApiAccount`);
    });

    it("components with the fields that they provide", () => {
      for (const [name, components] of some(Object.entries(STANDS_FOR)))
        for (const component of some(components)) {
          const { properties = {} } = schema.resources[token(component)]!;
          const missing = (schema.types[token(name)]?.required ?? []).filter((key) => !(key in properties));
          assert.deepEqual(missing, [], `${component} as ${name}`);
        }
    });

    it("no resource of Pulumi's own, which they cannot create", () => {
      assert.equal(JSON.stringify(schema).includes('"#/types/groundwork:index:Resource"'), false);
      for (const [name, { required = [], properties = {} }] of some(
        Object.entries({ ...schema.types, ...schema.resources }),
      ))
        assert.deepEqual(
          required.filter((key) => !(key in properties)),
          [],
          name,
        );
    });

    it("AWS's own resources by their ARNs, and nothing from another package", () => {
      const { properties = {}, required = [] } = schema.resources[token("LoadBalancer")]!;
      for (const key of some(["listenerArn", "loadBalancerArn", "targetGroupArn"])) {
        assert.deepEqual(properties[key], { type: "string" });
        assert.ok(required.includes(key), key);
      }
      const refs = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]*)"/g)].map(([, ref]) => ref!);
      assert.deepEqual(
        some(refs).filter((ref) => !/^(#\/|pulumi\.json#)/.test(ref)),
        [],
      );
      assert.deepEqual(schema.dependencies, []);
    });

    it("which hand-written fields are plain values, since it refuses others", () => {
      const fields = some(Object.keys(STANDS_FOR)).flatMap((name) =>
        Object.entries(schema.types[token(name)]?.properties ?? {}),
      );
      const plain = fields.filter(([, property]) => property.plain).map(([key]) => key);
      assert.deepEqual([...new Set(plain)].sort(), DECIDING);
    });
  });

  it("answers with AWS's own resources by their ARNs", async () => {
    const network = {
      vpcId: "vpc-1",
      cidrBlock: "10.0.0.0/16",
      publicSubnetIds: ["subnet-1", "subnet-2"],
      privateSubnetIds: ["subnet-3", "subnet-4"],
    };
    const { outputs, one } = await run(() =>
      new Host().construct("front", "groundwork:index:LoadBalancer", { network, keepData: false }, {}),
    );
    for (const kind of some(["listener", "loadBalancer", "targetGroup"])) {
      const type = `lb/${kind}:${kind[0]!.toUpperCase()}${kind.slice(1)}`;
      assert.equal(
        await valueOf(outputs.state[`${kind}Arn`] as pulumi.Output<string>),
        one(type).outputs.arn,
      );
      assert.ok(!(kind in outputs.state), kind);
    }
  });

  it("refuses a computed value that decides which resources exist", async () => {
    const network = {
      vpcId: pulumi.output("vpc-1"),
      cidrBlock: pulumi.output("10.0.0.0/16"),
      publicSubnetIds: pulumi.output(["subnet-1"]),
      privateSubnetIds: [pulumi.output("subnet-2")],
    };
    await assert.rejects(
      new Host().construct("bastion", "groundwork:index:Bastion", { network }, {}),
      (error: Error) =>
        /^Bastion "bastion": network\.cidrBlock must be .*; network\.publicSubnetIds must be [^;]*$/.test(
          error.message,
        ),
    );
  });

  it("refuses a component from another provider", () => {
    new Host();
    const reference = {
      [pulumi.runtime.specialSigKey]: pulumi.runtime.specialResourceSig,
      urn: "urn:pulumi:dev::shop::groundwork:index:Network::other",
    };
    assert.throws(
      () => pulumi.runtime.deserializeProperty(reference),
      /Network "other" is of another provider: hand over its fields/,
    );
  });

  it("names the version of Pulumi's packages that the components depend on", () => {
    const readme = fs.readFileSync(path.join(PLUGIN, "../components/README.md"), "utf8");
    const shown = [...readme.matchAll(/^(?:pulumi==|require github\.com\/pulumi\/pulumi\/sdk\/v3 v)(.*)$/gm)];
    assert.deepEqual(
      shown.map(([, version]) => version),
      [dependencies["@pulumi/pulumi"], dependencies["@pulumi/pulumi"]],
    );
  });

  it("starts the way the CLI starts it, and prints its port", async () => {
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
