import { spawn } from "node:child_process";
import * as path from "node:path";
import type { Context } from "./promised";

const root = path.join(__dirname, "../..");

export interface Ended {
  code: number | null;
  said: string;
}

/** Runs one of this project's scripts to its end, which comes early if the run is interrupted. */
export async function script(
  { until }: Pick<Context, "until">,
  seconds: number,
  file: string,
  args: string[],
): Promise<Ended> {
  const child = spawn(process.execPath, [path.join("scripts", file), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let ended: Ended | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => (said += part));
  child.once("error", (error) => (ended = { code: null, said: error.message }));
  child.once("close", (code) => (ended ??= { code, said }));
  try {
    return await until(`The end of scripts/${file}`, seconds, async () => ended);
  } finally {
    if (!ended) child.kill("SIGINT");
  }
}

/** The end of its output, in one line. */
export const lastOf = ({ said }: Ended): string => {
  const lines = said.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-3)
    .join(" / ")
    .slice(0, 400);
};
