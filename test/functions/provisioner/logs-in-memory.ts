import type { LogEvent } from "../../../functions/provisioner/log-lines";

/** What was written, by the log group, of which CloudWatch tells so many events at once. */
export function logsInMemory(atOnce: () => number) {
  const groups = new Map<string, LogEvent[]>();
  return {
    groups,
    events: (group: string, since: number) => {
      const events = (groups.get(group) ?? []).filter(({ at }) => at >= since);
      return { events: events.slice(0, atOnce()), more: events.length >= atOnce() };
    },
  };
}
