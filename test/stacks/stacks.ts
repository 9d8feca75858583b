import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "../../stacks/settings";
import { Declared, runStack } from "../harness";

/** A stack as its program declares it: what every rule judges. */
export interface StackView {
  stack: string;
  keepData: boolean;
  resources: Declared[];
}

const ROOT = path.join(__dirname, "../..");
/** They stand for this machine, not for an account. */
const NOT_DEPLOYED = ["sandbox", "local"];

/** Every stack that has settings of its own and goes to an account. */
export const STACKS: readonly string[] = fs
  .readdirSync(ROOT)
  .flatMap((file) => /^Pulumi\.([\w-]+)\.yaml$/.exec(file)?.[1] ?? [])
  .filter((stack) => !NOT_DEPLOYED.includes(stack))
  .sort();

const views = new Map<string, StackView>();

/** Runs a stack once in this process, however many tests ask. */
export async function stackView(stack: string, { preview = false } = {}): Promise<StackView> {
  const key = `${stack} ${preview}`;
  const known = views.get(key);
  if (known) return known;
  const { resources } = await runStack(stack, { preview });
  const { keepData } = readSettings(stack, pulumi.runtime.allConfig());
  const view = { stack, keepData, resources };
  views.set(key, view);
  return view;
}
