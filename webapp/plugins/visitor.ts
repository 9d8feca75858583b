import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Visitor } from "../pages/layout";
import { readCookie } from "../session/cookies";
import { openSession } from "./session";

/** How long a page waits for settings that were never read yet: it is useful without them. */
const SETTINGS_MS = 500;

/** Who looks at a page, and where its header may lead. Never fails: it leaves out whatever it does not know. */
export async function visitorOf(request: FastifyRequest, reply: FastifyReply): Promise<Visitor> {
  const { server, log } = request;
  if (!server.identity) return {};
  const source = server.identity().catch(() => undefined);
  const identity = await Promise.race([source, sleep(SETTINGS_MS, undefined, { ref: false })]);
  if (!identity) return { logIn: true };
  const { settings, keys } = identity;
  const session =
    request.session ??
    (readCookie(request)
      ? await openSession(request, reply).catch((error: Error) => {
          log.warn({ err: error }, "a page is shown as to a stranger, because the session cannot be opened");
          return undefined;
        })
      : undefined);
  return {
    person: session?.person && { email: session.person.email, form: keys.formToken(session.id) },
    files: settings.uploads !== undefined,
    projects: Boolean(server.config.PROVISIONER_PARAMETER),
    logIn: true,
    signUp: settings.selfSignUp,
  };
}
