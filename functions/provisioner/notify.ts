import { log } from "./journal";
import { CommonPorts, Mail } from "./ports";
import { Project } from "./project";
import type { Reads } from "./store";

/**
 * Sends an e-mail about a project. A failed e-mail is noted with the project, whose page says so, and stops nothing: while the
 * account is in SES's sandbox, SES refuses every address that nobody has verified.
 */
export async function notify(
  ports: Pick<CommonPorts, "mail" | "now"> & { store: Pick<Reads, "note"> },
  { id, notified }: Project,
  mail: Mail,
): Promise<void> {
  const refused = await ports.mail(mail).then(
    (told) => told?.refused,
    (error: unknown) => {
      log("mail", id, error);
      return `The e-mail to ${mail.to.join(", ")} could not be sent.`;
    },
  );
  if (refused) await ports.store.note(id, { notified: { refused, at: ports.now().toISOString() } });
  else if (notified) await ports.store.note(id, { clear: ["notified"] });
}
