// npm run limits: writes what AWS publishes about every parameter that our resources may set into policies/rules/aws/published.json.
// AWS's models come from PyPI in the versions of scripts/tools/list.cjs; only the facts are kept.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { LimitedType } from "../../policies/rules/aws/limit";
import { version as provider } from "@pulumi/aws/package.json";
import { list, tool } from "../tools/index.cjs";
import { match } from "./match";
import { ApiModel, ResourceSchemas } from "./models";
import { PAGES } from "./pages";
import { COUNTERPARTS } from "./types";
import { unused } from "./wrong";

const TARGET = path.join(__dirname, "../../policies/rules/aws/published.json");

function main(): void {
  const folder = execFileSync(tool("aws-models"), { encoding: "utf8" }).trim();
  const schemas = new ResourceSchemas(folder);
  const models = new Map<string, ApiModel>();
  const modelOf = (service: string) => {
    const model = models.get(service) ?? new ApiModel(folder, service);
    models.set(service, model);
    return model;
  };
  const types = Object.fromEntries(
    Object.entries(COUNTERPARTS).map(([type, counterpart]) => [
      type,
      match(type, counterpart, modelOf(counterpart.service), schemas),
    ]),
  );
  for (const line of unused()) console.log(`scripts/limits/wrong.ts excuses nothing by: ${line}`);
  const services = Object.fromEntries(
    [...models].sort().map(([service, { version }]) => [service, { version, page: PAGES[service] }]),
  );
  const classes = { instance: schemas.classesOf("instance"), cluster: schemas.classesOf("cluster") };
  const about = {
    provider,
    sources: list["aws-models"]!.pypi,
    cloudFormation: schemas.date,
    services,
    classes,
  };
  fs.writeFileSync(TARGET, written(about, types));
  const all = Object.values(types);
  const parameters = all.reduce((sum, type) => sum + type.parameters, 0);
  const own = all.reduce((sum, type) => sum + type.own.length, 0);
  console.log(
    `${all.length} types: ${parameters} properties with a parameter of AWS's, ${own} of the provider's own.`,
  );
}

/** One line per property of a resource, so that diffs are readable. */
function written(about: object, types: Record<string, LimitedType>): string {
  const rest = JSON.stringify(about).slice(1, -1);
  const lines = Object.entries(types).map(([type, { properties, ...counts }]) => {
    const each = Object.entries(properties).map(
      ([name, limit]) => `${JSON.stringify(name)}:${JSON.stringify(limit)}`,
    );
    return `${JSON.stringify(type)}:{${JSON.stringify(counts).slice(1, -1)},"properties":{\n${each.join(",\n")}\n}}`;
  });
  return `{${rest},"types":{\n${lines.join(",\n")}\n}}\n`;
}

main();
