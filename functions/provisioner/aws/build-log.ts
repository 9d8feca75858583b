import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { plainText } from "../plain-text";
import { withoutSecrets } from "../redaction";

const LINES = 30;
const BYTES = 8_000;

/** The last lines that a project's build wrote: as many as a page and an e-mail can hold, with everything removed that looks like a secret. */
export async function logTail(client: CloudWatchLogsClient, stack: string, stream: string): Promise<string> {
  const { events = [] } = await client.send(
    new GetLogEventsCommand({
      logGroupName: `/groundwork/${stack}/build`,
      logStreamName: stream,
      // Lines of the same time may be one event or many: it reads more than it shows, since a secret may span lines.
      limit: 4 * LINES,
    }),
  );
  const text = withoutSecrets(
    events.map(({ message = "" }) => `${message.replace(/\r?\n$/, "")}\n`).join(""),
  );
  return tailOf(text);
}

/** Whole lines from the end; if a single line is too long, its end. */
function tailOf(text: string): string {
  const lines = plainText(text).trimEnd().split("\n").slice(-LINES);
  while (lines.length > 1 && Buffer.byteLength(lines.join("\n")) > BYTES) lines.shift();
  const last = Buffer.from(lines.join("\n"));
  return last.length <= BYTES
    ? last.toString()
    : last
        .subarray(-BYTES)
        .toString()
        .replace(/^\ufffd+/, "");
}
