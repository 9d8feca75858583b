// The engine as a separate process: the program and the provider take hundreds of megabytes, which are freed when it is done.
import "../../scripts/lean-pulumi.cjs"; // before Pulumi, as main.cjs does
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { stop as stopBundler } from "esbuild";
import { Deployed } from "../engine";
import { root } from "../paths";
import { messageOf, Problem } from "../problem";
import { readConfiguration, servedAt } from "./config";
import { Live } from "./live";
import { Stack } from "./stack";

export type Message =
  | { kind: "line"; line: string }
  | { kind: "plan"; lines: string[] }
  | { kind: "done"; deployment: Deployed }
  | { kind: "functions"; names: string[] }
  | { kind: "failed"; message: string };

/** What a watched stack's engine is asked to do after its start. */
export type Asked = "functions" | "program";

const send = (message: Message) =>
  new Promise<void>((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

const ready = new Promise((resolve) => process.once("message", resolve));

/** What went wrong, and in which of our files. */
function told(error: unknown): string {
  const message = messageOf(error);
  if (error instanceof Problem || !(error instanceof Error)) return message;
  const frame = (error.stack ?? "")
    .split("\n")
    .find((line) => line.includes(root) && !/node_modules/.test(line));
  const [, at] = frame ? (/([^\s(]+:\d+):\d+\)?$/.exec(frame) ?? []) : [];
  const place = at && path.relative(root, at.replace(/^file:\/\//, ""));
  // A compiler names the place itself.
  if (!place || /^(scripts|sandbox)\//.test(place) || /\.[cm]?[jt]s[:(]\d+/.test(message)) return message;
  return `${message} (${place})`;
}

const served = {
  site: process.env["GROUNDWORK_SITE"],
  projects: process.env["GROUNDWORK_PROJECTS"],
  starters: process.env["GROUNDWORK_STARTERS"],
};

/** What a run leaves for one that only plans. */
export interface Left {
  stack: ReturnType<Stack["toJSON"]>;
  name: string;
  program: string;
  served: typeof served;
}

function liveOf(name: string, program: string, at: typeof served, stack?: Stack): Live {
  return new Live({
    stack,
    configuration: () => servedAt(at, readConfiguration(name)),
    program: async () => {
      const load = createRequire(__filename);
      delete load.cache[program]; // the program runs when it is loaded
      const exported: unknown = load(program); // as Pulumi's own runner loads it
      return typeof exported === "function" ? await (exported as () => unknown)() : exported;
    },
    report: (line) => void send({ kind: "line", line }),
  });
}

/** Reports what the running sandbox's program would change, with its current sources. */
async function plan(file: string): Promise<void> {
  try {
    const { stack, name, program, served: at } = JSON.parse(fs.readFileSync(file, "utf8")) as Left;
    await send({ kind: "plan", lines: await liveOf(name, program, at, Stack.from(stack)).plan() });
  } catch (error) {
    await send({ kind: "failed", message: told(error) });
  }
  process.exit();
}

async function main(stack: string, program: string, watched: boolean): Promise<void> {
  const live = liveOf(stack, program, served);
  const leave = () => {
    const file = process.env["GROUNDWORK_STANDING"];
    if (!file) return;
    const left: Left = { stack: live.stack.toJSON(), name: stack, program, served };
    fs.writeFileSync(file, JSON.stringify(left), { mode: 0o600 });
  };
  try {
    const deployment = await live.start(ready);
    leave();
    await stopBundler(); // in a watched stack it would stay, with a hundred megabytes
    await send({ kind: "done", deployment });
  } catch (error) {
    console.error(error);
    await send({ kind: "failed", message: told(error) });
    process.exit(1);
  }
  if (!watched) process.exit(0);

  const answerTo = async (asked: Asked): Promise<Message> => {
    if (asked === "functions") return { kind: "functions", names: await live.renewFunctions() };
    return { kind: "done", deployment: await live.rerun((lines) => void send({ kind: "plan", lines })) };
  };
  // Work that a failed run leaves behind may fail later, when nobody waits for it any more.
  process.on("unhandledRejection", (error) => console.error(error));
  process.on("message", (asked: Asked) => {
    void answerTo(asked)
      .finally(leave)
      .catch((error: unknown): Message => {
        console.error(error);
        return { kind: "failed", message: told(error) };
      })
      .then(send)
      .finally(stopBundler);
  });
  process.once("disconnect", () => process.exit(0));
}

const options = process.argv.filter((one) => one.startsWith("--"));
const [, , stack = "sandbox", program = path.join(root, "index.ts")] = process.argv.filter(
  (one) => !options.includes(one),
);
if (options.includes("--plan")) void plan(process.env["GROUNDWORK_STANDING"]!);
else void main(stack, program, options.includes("--watched"));
