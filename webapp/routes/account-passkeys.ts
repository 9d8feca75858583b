import forms from "@fastify/formbody";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Credential, MOST_PASSKEYS, type Passkey } from "../identity/passkeys";
import type { People } from "../identity/people";
import { removeCard } from "../pages/passkeys";
import { signInTries } from "../plugins/rate-limit";
import { keepSession, openSession, requireOwnForm, requirePeople, requireSession } from "../plugins/session";
import { Refusal, refusalForForm } from "../refusal";
import { accessToken, accountPage } from "./account-page";
import { formSchema, scriptSchema } from "./form-schema";
import { requirePasskeySite } from "./passkey-site";
import { personPage } from "./person-page";

interface Chosen {
  Body: { passkey: string };
}

/** The signed-in person's passkeys. */
export default async function accountPasskeys(server: FastifyInstance): Promise<void> {
  await server.register(forms);
  const config = signInTries(server);

  server.post(
    "/account/passkeys",
    {
      config,
      schema: scriptSchema("Begins a new passkey", ["password"], {
        options: { type: "object", additionalProperties: true },
      }),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<{ Body: { password: string } }>, reply) => {
      await requirePasskeySite(request);
      const { person } = await requireSession(request, reply);
      const people = await requirePeople(request);
      // An unattended open session must not be enough for a stranger to add their own way in.
      await people.provePassword(person.email, request.body.password);
      const token = await accessToken(request, reply, people);
      await refuseIfUseless(people, token);
      return { options: await people.passkeys.startAdding(token) };
    },
  );

  server.post(
    "/account/passkeys/new",
    {
      config,
      schema: scriptSchema("Adds a new passkey", ["credential"], { location: { type: "string" } }),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<{ Body: { credential: Credential } }>, reply) => {
      await requirePasskeySite(request);
      const session = await requireSession(request, reply);
      const people = await requirePeople(request);
      await people.passkeys.finishAdding(await accessToken(request, reply, people), request.body.credential);
      const note = "Your passkey is added: from now on it logs you in as your password does.";
      await keepSession(request, reply, { ...session, note });
      return { location: "/account" };
    },
  );

  server.post(
    "/account/passkeys/remove",
    {
      config,
      schema: formSchema("Asks before a passkey is removed", ["passkey"]),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<Chosen>, reply) =>
      withPasskey(request, reply, async ({ passkey }) =>
        personPage(request, reply, { title: "Remove this passkey?" }, (_session, form) =>
          removeCard(passkey, form),
        ),
      ),
  );

  server.post(
    "/account/passkeys/remove/yes",
    { config, schema: formSchema("Removes a passkey", ["passkey"]), preHandler: requireOwnForm },
    async (request: FastifyRequest<Chosen>, reply) =>
      withPasskey(request, reply, async ({ passkey: { id, name }, people, token }) => {
        await people.passkeys.remove(token, id);
        const note = `The passkey ${name} is removed.`;
        await keepSession(request, reply, { ...(await openSession(request, reply)), note });
        return reply.redirect("/account", 303);
      }),
  );
}

async function refuseIfUseless(people: People, token: string): Promise<void> {
  if (await people.hasAuthenticator(token))
    throw new Refusal(409, "your second factor is on, so passkeys cannot log you in");
  if ((await people.passkeys.list(token)).length >= MOST_PASSKEYS)
    throw new Refusal(409, `you can have ${MOST_PASSKEYS} passkeys: remove one first`);
}

/** Changes one of the person's own passkeys, or shows the account with the refusal. */
async function withPasskey(
  request: FastifyRequest<Chosen>,
  reply: FastifyReply,
  work: (of: { passkey: Passkey; people: People; token: string }) => Promise<unknown>,
): Promise<unknown> {
  await requirePasskeySite(request);
  try {
    const people = await requirePeople(request);
    const token = await accessToken(request, reply, people);
    const passkey = (await people.passkeys.list(token)).find(({ id }) => id === request.body.passkey);
    if (!passkey) throw new Refusal(404, "this passkey was already removed");
    return await work({ passkey, people, token });
  } catch (error) {
    const passkeyProblem = refusalForForm(error);
    return accountPage(request, reply.code(passkeyProblem.statusCode), { passkeyProblem });
  }
}
