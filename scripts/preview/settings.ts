import * as fs from "node:fs";
import * as path from "node:path";
import { yaml } from "../stack.cjs";
import type { Asked } from "./report";

const DEFAULT_REGION = "eu-west-1";

/** A stack's settings, as its file has them. */
export function settingsOf(stack: string): Record<string, unknown> {
  const name = `Pulumi.${stack}.yaml`;
  const file = path.join(__dirname, "../..", name);
  if (!fs.existsSync(file)) throw new Error(`There is no stack ${stack}: ${file} would hold its settings.`);
  return yaml(name).config ?? {};
}

/** Their region and budget. */
export function askedOf(stack: string, config = settingsOf(stack)): Asked {
  const operations = (config["groundwork:operations"] ?? {}) as { monthlyBudgetUsd?: number };
  const region = config["aws:region"] ?? process.env["AWS_REGION"] ?? DEFAULT_REGION;
  return { stack, region: String(region), monthlyBudgetUsd: operations.monthlyBudgetUsd };
}
