import * as fs from "node:fs";
import * as path from "node:path";
import { readSettings } from "../../stacks/settings";
import type { RunOptions } from "../../components/testing";
import type { StackView } from "../../policies/declared";
import { runStack } from "../harness";

/** A stack as its program declares it, and what it tells a person. */
export interface RenderedStack extends StackView {
  outputs: Record<string, unknown>;
  environment: string;
}

/** Every stack of ours that goes to an account: those with a golden inventory. A person's own settings beside them change nothing. */
export const STACKS: readonly string[] = fs
  .readdirSync(path.join(__dirname, "../inventory"))
  .flatMap((file) => /^(\w+)\.txt$/.exec(file)?.[1] ?? [])
  .sort();

const views = new Map<string, Promise<RenderedStack>>();

/** Runs a stack once in this process with the same options, however many tests ask. */
export function stackView(
  stack: string,
  { preview = false, config = {} }: Pick<RunOptions, "preview" | "config"> = {},
): Promise<RenderedStack> {
  const key = JSON.stringify([stack, preview, config]);
  const view = views.get(key) ?? render(stack, { preview, config });
  views.set(key, view);
  return view;
}

async function render(
  stack: string,
  options: Pick<RunOptions, "preview" | "config">,
): Promise<RenderedStack> {
  const { resources, outputs, config } = await runStack(stack, options);
  const { keepData, environment } = readSettings(stack, config);
  return { stack, keepData, environment, resources, outputs };
}
