import { ApiReply, reply } from "../shared/http";
import { refuse } from "./admit";
import { shown } from "./body";
import { kindOf } from "./catalogue";
import type { RouteRequest } from "./context";
import { LOGS, MOMENT } from "./fields";
import { plainText } from "./plain-text";
import type { CommonPorts, FunctionSettings } from "./ports";
import { Project, stackNameOf } from "./project";
import type { LogLine } from "./public-project";
import { linesWithoutSecrets } from "./redaction";

/** What a build or a server wrote in one go: usually one line; for a build, several. */
export interface LogEvent {
  /** Milliseconds since 1970. */
  at: number;
  /** The build or server that wrote it. */
  from: string;
  text: string;
}

export interface LogPorts extends Pick<CommonPorts, "now"> {
  /** What was written since then, oldest first, and whether more follows; nothing if the log does not exist. */
  events(group: string, since: number): Promise<{ events: LogEvent[]; more: boolean }>;
}

/** How far back it reads in a running program's log, if the caller gives no start. */
const APP_MS = 10 * 60_000;
/** Lines of several servers reach CloudWatch out of order. */
const LATE_MS = 20_000;
const LONGEST = 2_000;

/**
 * Returns what a project's build or servers have written, and the time to ask from next. That overlaps with what was already returned:
 * each line has an id by which a caller recognises it.
 */
export async function tellLog(
  ports: LogPorts,
  { prefix }: Pick<FunctionSettings, "prefix">,
  project: Project,
  { queryStringParameters }: RouteRequest,
): Promise<ApiReply> {
  const { of = "build", since } = queryStringParameters ?? {};
  const which = LOGS.find((one) => one === of);
  const at = since === undefined ? undefined : MOMENT.test(since) ? Date.parse(since) : NaN;
  const problems = [
    ...(which ? [] : [`of must be ${LOGS.join(" or ")}, got ${shown(of)}`]),
    ...(Number.isNaN(at) ? [`since must be a time such as 2026-11-27T10:00:00Z, got ${shown(since)}`] : []),
    ...(which === "app" && kindOf(project.type, project.framework)?.template === "static"
      ? ["of must be build for a site, which has no servers of its own, got app"]
      : []),
  ];
  if (problems.length > 0) return refuse(400, "invalid", problems.join("; "), { problems });
  const now = ports.now().getTime();
  const from = at ?? (which === "app" ? now - APP_MS : (beganAt(project) ?? now));
  const group = `/groundwork/${stackNameOf(prefix, project.id)}/${which}`;
  const { events, more } = await ports.events(group, from);
  const last = events.at(-1)?.at ?? from;
  const next = more ? Math.max(last, from + 1) : Math.max(from, now - LATE_MS);
  return reply(200, { of: which, lines: linesOf(events), next: new Date(next).toISOString(), more });
}

/** When the latest build was requested. */
function beganAt({ stages }: Project): number | undefined {
  return stages.deliver && Date.parse(stages.deliver.at);
}

function linesOf(events: LogEvent[]): LogLine[] {
  const counts = new Map<string, number>();
  const lines = events.flatMap(({ at, from, text }) =>
    plainText(text)
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => {
        const moment = `${from}/${at}`;
        const before = counts.get(moment) ?? 0;
        counts.set(moment, before + 1);
        return { id: `${moment}/${before}`, at: new Date(at).toISOString(), from, text: line };
      }),
  );
  // A key that one server prints line by line is interleaved with the lines of others.
  for (const from of new Set(events.map((event) => event.from))) {
    const own = lines.filter((line) => line.from === from);
    const told = linesWithoutSecrets(own.map(({ text }) => text));
    own.forEach((line, index) => (line.text = cut(told[index]!)));
  }
  return lines.map(({ id, at, text }) => ({ id, at, text }));
}

const cut = (line: string) => (line.length > LONGEST ? `${line.slice(0, LONGEST)} ...` : line);
