import { setTimeout as after } from "node:timers/promises";
import { rootClients } from "./engine/clients";
import { Logs, printed } from "./logs/logs";
import { Paths } from "./paths";
import { Sandbox } from "./up";

const EVERY_MS = 1_000;

/** Prints each new e-mail, and the logs on request, until it is told to stop. */
export async function follow(
  { state, mailbox }: Sandbox,
  paths: Paths,
  say: (line: string) => void,
  { logs: wanted, signal }: { logs: boolean; signal: AbortSignal },
): Promise<void> {
  const logs = new Logs({
    folder: paths.logs,
    use: rootClients(state.endpoints),
    resources: () => state.resources,
  });
  let begun = !wanted;
  const known = new Set<string>();
  while (!signal.aborted) {
    try {
      await mailbox.follow();
      for (const mail of (await mailbox.list()).reverse()) {
        if (known.has(mail.id)) continue;
        known.add(mail.id);
        say(`mail  to ${mail.to.join(", ")}: ${mail.subject}\n${mail.text.replace(/^/gm, "      ")}`);
      }
      if (!begun)
        begun = (await logs.last(0)).length === 0; // leaves out what was logged during the start
      else if (wanted) for (const line of await logs.next()) say(printed(line));
    } catch {
      // a busy emulator is asked again in a moment
    }
    await after(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}
