import { spawnSync } from "node:child_process";
import { Problem } from "../sandbox/problem";

/** A running stack's outputs in Pulumi. */
export function outputsOf(stack: string): Record<string, string | undefined> {
  const text = pulumi("stack", "output", "--json", "--stack", stack);
  if (text === undefined)
    throw new Problem(
      `The outputs of stack ${stack} cannot be read: see what \`npx pulumi stack output\` said above.`,
    );
  return JSON.parse(text) as Record<string, string | undefined>;
}

export const regionOf = (stack: string) => pulumi("config", "get", "aws:region", "--stack", stack)?.trim();

function pulumi(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(process.execPath, [require.resolve("pulumi/run.js"), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return status === 0 ? stdout : undefined;
}
