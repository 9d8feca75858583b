import type { Duplex } from "node:stream";
import { messageOf, Problem } from "../problem";

/** What a build's stand-in for Docker (tools/docker.cjs) asks for. */
export interface Asked {
  /** A folder, as the build sees it. */
  context: string;
  /** Within the context. */
  dockerfile: string;
  args: Record<string, string>;
}

/** A Dockerfile's arguments fit into it many times. */
const LONGEST = 1_000_000;

/**
 * Answers what a build asks, a line each, one after the other. Resolves once the build can ask nothing more.
 * @param build returns the content of the image by name
 */
export async function answerRequests(
  channel: Duplex,
  build: (asked: Asked) => Promise<string>,
): Promise<void> {
  channel.on("error", () => {}); // whoever asked has ended
  const answer = async (line: string) => {
    try {
      return { content: await build(read(line)) };
    } catch (error) {
      return { failed: messageOf(error) };
    }
  };
  let text = "";
  try {
    for await (const part of channel.setEncoding("utf8")) {
      const lines = (text + String(part)).split("\n");
      text = lines.pop()!;
      if (text.length > LONGEST) return;
      for (const line of lines) {
        const answered = await answer(line);
        if (channel.writable) channel.write(`${JSON.stringify(answered)}\n`);
      }
    }
  } catch {
    // It has broken off, as a build does that is ended.
  } finally {
    channel.destroy();
  }
}

const isText = (value: unknown): value is string => typeof value === "string" && !value.includes("\0");

/** It comes from a stranger. */
function read(line: string): Asked {
  const { context, dockerfile, args } = JSON.parse(line) as Partial<Asked>;
  const texts = [context, dockerfile, ...Object.entries(args ?? {}).flat()];
  if (!texts.every(isText))
    throw new Problem(
      "A build asks for an image by a context, a Dockerfile and arguments, all of them texts.",
    );
  return { context: context!, dockerfile: dockerfile!, args: args ?? {} };
}
