import { digestOf } from "../shared/idempotency";
import { refuse } from "./admit";
import { parsed } from "./body";
import { log } from "./journal";
import { Mail } from "./ports";
import { Caller } from "./project";
import { ApiPorts, ApprovalSettings, submit } from "./submit";

/** S3's event for a file in the requests bucket. */
export interface DropEvent {
  Records: { s3: { object: { key: string; versionId?: string } } }[];
}

export interface DropPorts extends ApiPorts {
  /** Undefined if the file is already gone. */
  readFile(key: string, versionId?: string): Promise<string | undefined>;
  /** Deletes all of its versions for good: it holds secrets. */
  removeFile(key: string): Promise<void>;
  mail(mail: Mail): Promise<unknown>;
}

/** A file dropped with a ticket starts what a POST starts; whoever dropped it learns of a refusal by e-mail. */
export async function takeDroppedFiles(
  ports: DropPorts,
  settings: ApprovalSettings,
  event: DropEvent,
): Promise<void> {
  for (const { s3 } of event.Records) {
    const { key, versionId } = s3.object;
    const ticket = /^requests\/([0-9a-f]{40})\.json$/.exec(key)?.[1];
    const text = await ports.readFile(key, versionId);
    const caller = ticket ? await ports.store.ticket(ticket) : undefined;
    if (text !== undefined && caller) await letIn(ports, settings, caller, text, ticket!);
    // Only now: S3 retries whatever fails before this line, and one ticket creates one project.
    await ports.removeFile(key);
    if (ticket) await ports.store.removeTicket(ticket);
  }
}

async function letIn(
  ports: DropPorts,
  settings: ApprovalSettings,
  caller: Caller,
  text: string,
  ticket: string,
) {
  const content = parsed(text);
  const { statusCode, body } = content
    ? await submit(ports, settings, caller, content, digestOf("drop", ticket))
    : refuse(400, "invalid", "The file must be a JSON object.");
  if (statusCode === 202) return;
  const { code, message } = JSON.parse(body) as Record<string, string>;
  log("drop", "", new Error(`refused with ${statusCode} ${code}`));
  await ports.mail({ to: [caller.email], subject: "Your project was not accepted", text: message! });
}
