import { setTimeout as after } from "node:timers/promises";
import { tellsOfFirstMeasurements } from "./alarm-letter";
import { rootClients } from "./engine/clients";
import { Logs, printed } from "./logs/logs";
import { Mail } from "./mail";
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
      const mails = (await mailbox.list()).reverse().filter(({ id }) => !known.has(id));
      for (const { id } of mails) known.add(id);
      for (const line of announced(mails)) say(line);
      if (!begun)
        begun = (await logs.last(0)).length === 0; // leaves out what was logged during the start
      else if (wanted) for (const line of await logs.next()) say(printed(line));
    } catch {
      // a busy emulator is asked again in a moment
    }
    await after(EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** The mails as a terminal shows them. That alarms have begun to measure is told in one line: somebody who reads seven letters of it looks for a fault. */
export function announced(mails: Mail[]): string[] {
  const begun = mails.filter(({ text }) => tellsOfFirstMeasurements(text));
  const others = mails.filter(({ text }) => !tellsOfFirstMeasurements(text));
  const alarms = begun.length === 1 ? "1 alarm has its" : `${begun.length} alarms have their`;
  return [
    ...others.map(
      ({ to, subject, text }) => `mail  to ${to.join(", ")}: ${subject}\n${text.replace(/^/gm, "      ")}`,
    ),
    ...(begun.length > 0
      ? [`mail  ${alarms} first measurements, and all is in order: npm run sandbox -- mail`]
      : []),
  ];
}
