import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Asked, Credential } from "../identity/passkeys";
import { signInTries } from "../plugins/rate-limit";
import { openSession, requireIdentity, requireOwnForm, requirePeople, signIn } from "../plugins/session";
import { Refusal } from "../refusal";
import { inEvenTime } from "./even-time";
import { objectOf, scriptSchema } from "./form-schema";
import { requirePasskeySite } from "./passkey-site";

/** How long a browser lets a person look for a passkey, and how long the server waits for an answer. */
const TIMEOUT_MS = 120_000;
const TICKET_MS = 5 * 60_000;
/** Longer than a name plus Cognito's longest session, so that a ticket's length does not reveal its content. */
const TICKET_LENGTH = 4_400;

const text = { type: "string" } as const;

/** Login by passkey. It needs a script, which calls these routes; the password form works without. */
export default async function loginPasskey(server: FastifyInstance): Promise<void> {
  const config = signInTries(server);

  server.post(
    "/login/passkey",
    {
      config,
      schema: scriptSchema(
        "Begins a login by passkey: the same answer whether or not somebody has one",
        ["email"],
        {
          options: objectOf({
            challenge: text,
            rpId: text,
            timeout: { type: "integer" },
            userVerification: text,
          }),
          ticket: text,
        },
      ),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<{ Body: { email: string } }>, reply) => {
      const rpId = await requirePasskeySite(request);
      const { id } = await openSession(request, reply);
      const people = await requirePeople(request);
      const { keys } = await requireIdentity(server);
      return inEvenTime(server, async () => {
        const { challenge, ...asked } = await people.passkeys.begin(request.body.email);
        const ticket = JSON.stringify({ id, ...asked }).padEnd(TICKET_LENGTH);
        return {
          // Never the person's own passkeys: browsers know which they have for this site.
          options: { challenge, rpId, timeout: TIMEOUT_MS, userVerification: "required" },
          ticket: keys.seal(ticket, Date.now() + TICKET_MS, "ticket"),
        };
      });
    },
  );

  server.post(
    "/login/passkey/answer",
    {
      config,
      schema: scriptSchema(
        "Ends a login by passkey, and says where to go from there",
        ["ticket", "credential"],
        { location: text },
      ),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<{ Body: { ticket: string; credential: Credential } }>, reply) => {
      await requirePasskeySite(request);
      const { id, after } = await openSession(request, reply);
      const people = await requirePeople(request);
      const { keys } = await requireIdentity(server);
      const opened = keys.open(request.body.ticket, Date.now(), "ticket") as string | undefined;
      const asked = opened && (JSON.parse(opened) as Omit<Asked, "challenge"> & { id: string });
      if (!asked || asked.id !== id) throw new Refusal(401, "this login took too long: start again");
      const tokens = await inEvenTime(server, () => people.passkeys.finish(asked, request.body.credential));
      await signIn(request, reply, tokens);
      return { location: after ?? "/home" };
    },
  );
}
