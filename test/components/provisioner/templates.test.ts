import { strict as assert } from "node:assert";
import { load } from "js-yaml";
import { images, sites } from "../../../functions/provisioner/builds";
import {
  ENVIRONMENTS,
  Environment,
  kinds,
  resourcesOf,
  TemplateName,
} from "../../../functions/provisioner/catalogue";
import { NAMES, readTemplate, Template } from "./template-files";
import { some } from "../../some";

/* eslint-disable @typescript-eslint/no-explicit-any -- a template's parts have no common type */

/** Whether a condition holds, as CloudFormation would decide. */
function holds(template: Template, condition: any, parameters: Record<string, string>): boolean {
  if (typeof condition === "string") return holds(template, template.Conditions![condition], parameters);
  const [[name, value]] = Object.entries(condition) as [[string, any]];
  const text = (one: any) => (typeof one === "string" ? one : parameters[one["!Ref"]]);
  if (name === "!Equals") return text(value[0]) === text(value[1]);
  if (name === "!Not") return !holds(template, value[0], parameters);
  if (name === "!And") return value.every((one: any) => holds(template, one, parameters));
  if (name === "!Condition") return holds(template, value, parameters);
  throw new Error(`no rule for ${name}`);
}

describe("the provisioner's templates", () => {
  const templates = Object.fromEntries(NAMES.map((name) => [name, readTemplate(name)])) as Record<
    TemplateName,
    Template
  >;

  const made = (type: string, stack: string, environment: Environment) => {
    const kind = kinds[type]![stack]!;
    const parameters: Record<string, string> = {
      Environment: environment,
      CertificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/x",
      Engine: kind.engine ?? "none",
      Uploads: kind.uploads?.folder ?? "",
      SiemStreamArn: "",
      Frozen: "false",
    };
    const counts: Record<string, number> = {};
    for (const name of kind.engine ? [kind.template, "database" as const] : [kind.template])
      for (const { Type, Condition } of Object.values(templates[name].Resources))
        if (
          Type !== "AWS::CloudFormation::Stack" &&
          (!Condition || holds(templates[name], Condition, parameters))
        )
          counts[Type.slice(5)] = (counts[Type.slice(5)] ?? 0) + 1;
    return counts;
  };

  for (const [type, frameworks] of some(Object.entries(kinds)))
    for (const framework of some(Object.keys(frameworks)))
      it(`create exactly what the plan of ${type}, ${framework} says, in every environment`, () => {
        for (const environment of some(ENVIRONMENTS))
          assert.deepEqual(resourcesOf({ type, framework, environment }), made(type, framework, environment));
      });

  it("enable Performance Insights only where RDS offers it for so small a class", () => {
    const { "!If": ask } = templates.database.Resources["Database"]!.Properties.EnablePerformanceInsights;
    const asks = (Environment: string, Engine: string) =>
      holds(templates.database, ask[0], { Environment, Engine }) ? ask[1] : ask[2];
    assert.deepEqual(
      [asks("prod", "postgres"), asks("prod", "mysql"), asks("dev", "postgres"), asks("stag", "mysql")],
      [true, false, false, false],
    );
  });

  it("have a build for each framework", () => {
    const known = Object.values(kinds).flatMap((frameworks) => Object.entries(frameworks));
    for (const [framework, { template }] of some(known))
      assert.ok(template === "static" ? sites[framework] : images[framework], `${framework} has no build`);
  });

  it("give every role the permissions boundary and the path", () => {
    for (const template of some(Object.values(templates)))
      for (const { Type, Properties } of some(Object.values(template.Resources)))
        if (Type === "AWS::IAM::Role")
          assert.deepEqual(
            [Properties.PermissionsBoundary, Properties.Path],
            [{ "!Ref": "BoundaryArn" }, { "!Ref": "RolePath" }],
          );
  });

  it("describe every security group and each of its rules, in characters that EC2 accepts", () => {
    const described = (value: any): [string, unknown][] => {
      if (typeof value !== "object" || value === null) return [];
      if ("IpProtocol" in value) return [[`the rule of port ${value.FromPort}`, value.Description]];
      const inside = Object.values(value).flatMap(described);
      return "GroupDescription" in value ? [["a group", value.GroupDescription], ...inside] : inside;
    };
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
    for (const [what, words] of some(Object.values(templates).flatMap(described)))
      assert.match(String(words), /^[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/, what);
  });

  it("contain buildspecs that are valid YAML", () => {
    for (const { Resources } of [templates.static, templates.server]) {
      const spec = Resources["Build"]!.Properties.Source.BuildSpec;
      const phases = (load(typeof spec === "string" ? spec : spec["!Sub"]) as any).phases;
      assert.deepEqual(Object.keys(phases), ["pre_build", "build"]);
      for (const { commands } of some(Object.values(phases) as any[]))
        assert.ok(commands.every((command: unknown) => typeof command === "string"));
    }
  });
});
