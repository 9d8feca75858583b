import { InputLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { Use } from "../engine/clients";
import { messageOf } from "../problem";

/** CloudWatch accepts no longer line, and no more of them at once. */
const LONGEST = 200_000;
const AT_ONCE = 1_000;
const EVERY_MS = 250;
/** The limit of a build's output; the rest is left out, and the log says so. */
const ROOM = 5_000_000;

export interface LogPlace {
  groupName: string;
  streamName: string;
}

/**
 * A build's log, on its way to CloudWatch. It is written as root: a policy names a log group by an ARN that ends in `:*`, on AWS and in
 * MiniStack, but MiniStack does not match it with the call's.
 */
export class BuildLog {
  private rest = "";
  private lines: InputLogEvent[] = [];
  private size = 0;
  private readonly secrets: string[] = [];
  private sending: Promise<void> = Promise.resolve();
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly use: Use,
    readonly place: LogPlace,
    private readonly note: (line: string) => void,
  ) {
    this.timer = setInterval(() => this.flush(), EVERY_MS);
  }

  static async open(use: Use, place: LogPlace, note: (line: string) => void): Promise<BuildLog> {
    const logs = await use("logs");
    await logs.createLogStream({ logGroupName: place.groupName, logStreamName: place.streamName });
    return new BuildLog(use, place, note);
  }

  /** Replaces a secret's value by stars wherever it would be written, as CodeBuild does. */
  hide(secret: string): void {
    if (secret.trim() !== "") this.secrets.push(secret);
  }

  say(line: string): void {
    this.write(`[Container] ${line}\n`);
  }

  write(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop()!;
    for (const line of lines) this.add(line);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    if (this.rest) this.add(this.rest);
    this.rest = "";
    this.flush();
    await this.sending;
  }

  private add(text: string): void {
    if (this.size > ROOM) return;
    const line = this.secrets.reduce((shown, secret) => shown.replaceAll(secret, "***"), text);
    this.size += line.length;
    const message =
      this.size > ROOM ? "[Container] The rest of this log is left out." : line.slice(0, LONGEST);
    this.lines.push({ timestamp: Date.now(), message: message || " " });
  }

  private flush(): void {
    const { groupName: logGroupName, streamName: logStreamName } = this.place;
    while (this.lines.length > 0) {
      const logEvents = this.lines.splice(0, AT_ONCE);
      this.sending = this.sending
        .then(async () => (await this.use("logs")).putLogEvents({ logGroupName, logStreamName, logEvents }))
        .then(
          () => undefined,
          (error: unknown) => this.note(`The log of ${logStreamName} is incomplete: ${messageOf(error)}`),
        );
    }
  }
}
