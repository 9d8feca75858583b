/// <reference lib="dom" />
// What a debugger sees of a process: over the inspector's own protocol, by a browser's WebSocket, as Node 20 has none.
import { openPage } from "../browser";

/** Where it stood still: the file that the source map names, and what the expression was there. */
export interface Stop {
  source: string;
  value: unknown;
}

/**
 * Sets a breakpoint in a file of the sources, at the first line with these words, causes a request, and lets the process go on once it stands
 * there. Answers where it stood.
 */
export async function stopAt(
  inspector: number,
  { file, words, expression }: { file: string; words: string; expression: string },
  request: () => Promise<unknown>,
): Promise<Stop> {
  const [target] = (await (await fetch(`http://127.0.0.1:${inspector}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const { page, close } = await openPage();
  try {
    await page.exposeFunction("causeRequest", () => void request().catch(() => {}));
    return await page.evaluate(
      async ({ url, file, words, expression }) => {
        const socket = new WebSocket(url);
        await new Promise((resolve, reject) => {
          socket.onopen = resolve;
          socket.onerror = () => reject(new Error(`no debugger can attach at ${url}`));
        });
        type Message = { id?: number; method?: string; params?: unknown; result?: unknown };
        type Script = { scriptId: string; url: string; sourceMapURL: string };
        type Paused = { callFrames: { callFrameId: string }[] };
        const scripts: Script[] = [];
        const answers = new Map<number, (result: unknown) => void>();
        let stopped: (paused: Paused) => void;
        const standsStill = new Promise<Paused>((resolve) => (stopped = resolve));
        socket.onmessage = ({ data }) => {
          const { id, method, params, result } = JSON.parse(String(data)) as Message;
          if (id !== undefined) answers.get(id)?.(result);
          if (method === "Debugger.scriptParsed") scripts.push(params as Script);
          if (method === "Debugger.paused") stopped(params as Paused);
        };
        let last = 0;
        const ask = <T>(method: string, params: object = {}) =>
          new Promise<T>((resolve) => {
            const id = ++last;
            answers.set(id, resolve as (result: unknown) => void);
            socket.send(JSON.stringify({ id, method, params }));
          });
        await ask("Debugger.enable");
        const script = scripts.find((one) => one.url.endsWith(file))!;
        const map = JSON.parse(atob(script.sourceMapURL.split("base64,")[1]!)) as { sources: string[] };
        const { scriptSource } = await ask<{ scriptSource: string }>("Debugger.getScriptSource", {
          scriptId: script.scriptId,
        });
        const lineNumber = scriptSource.split("\n").findIndex((line) => line.includes(words));
        await ask("Debugger.setBreakpoint", { location: { scriptId: script.scriptId, lineNumber } });
        await (window as unknown as { causeRequest(): Promise<void> }).causeRequest();
        const { callFrames } = await standsStill;
        const { result } = await ask<{ result: { value: unknown } }>("Debugger.evaluateOnCallFrame", {
          callFrameId: callFrames[0]!.callFrameId,
          expression,
        });
        await ask("Debugger.disable");
        socket.close();
        return { source: map.sources[0]!, value: result.value };
      },
      { url: target!.webSocketDebuggerUrl, file, words, expression },
    );
  } finally {
    await close();
  }
}
