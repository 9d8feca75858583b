import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import type { Asked } from "./report";

const DEFAULT_REGION = "eu-west-1";

/** What a stack's file says of region and budget. */
export function askedOf(stack: string, folder: string): Asked {
  const file = path.join(folder, `Pulumi.${stack}.yaml`);
  if (!fs.existsSync(file)) throw new Error(`There is no stack ${stack}: ${file} would hold its settings.`);
  const { config = {} } = (load(fs.readFileSync(file, "utf8")) ?? {}) as { config?: Record<string, unknown> };
  const operations = (config["groundwork:operations"] ?? {}) as { monthlyBudgetUsd?: number };
  const region = config["aws:region"] ?? process.env["AWS_REGION"] ?? DEFAULT_REGION;
  return { stack, region: String(region), monthlyBudgetUsd: operations.monthlyBudgetUsd };
}
