// The engine as a process of its own: the program and the provider take hundreds of megabytes, which go when it is done.
import "../../scripts/lean-pulumi.cjs"; // before Pulumi, as main.cjs does
import { createRequire } from "node:module";
import * as path from "node:path";
import { Deployment, deploy } from "../engine";
import { root } from "../paths";
import { messageOf } from "../problem";
import { readConfiguration, servedAt } from "./config";

export type Message =
  | { kind: "line"; line: string }
  | { kind: "done"; deployment: Deployment }
  | { kind: "failed"; message: string };

const send = (message: Message) =>
  new Promise<void>((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

const ready = new Promise((resolve) => process.once("message", resolve));

async function main(stack: string, program: string): Promise<void> {
  try {
    const deployment = await deploy(
      servedAt(
        {
          site: process.env["GROUNDWORK_SITE"],
          projects: process.env["GROUNDWORK_PROJECTS"],
          starters: process.env["GROUNDWORK_STARTERS"],
        },
        readConfiguration(stack),
      ),
      async () => {
        const exported: unknown = createRequire(__filename)(program); // as Pulumi's own runner loads it
        return typeof exported === "function" ? await (exported as () => unknown)() : exported;
      },
      (line) => void send({ kind: "line", line }),
      ready,
    );
    await send({ kind: "done", deployment });
    process.exit(0);
  } catch (error) {
    console.error(error);
    await send({ kind: "failed", message: messageOf(error) });
    process.exit(1);
  }
}

const [, , stack = "sandbox", program = path.join(root, "index.ts")] = process.argv;
void main(stack, program);
