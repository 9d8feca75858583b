import forms from "@fastify/formbody";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { signInTries } from "../plugins/rate-limit";
import { keepSession, openSession, requireOwnForm, requirePeople, requireSession } from "../plugins/session";
import { pageSchema, Refusal, refusalForForm } from "../refusal";
import { accessToken, accountPage } from "./account-page";
import { formSchema } from "./form-schema";

/** The signed-in person's account, and the second factor. */
export default async function authenticator(server: FastifyInstance): Promise<void> {
  await server.register(forms);
  const config = signInTries(server);

  server.get("/account", { schema: pageSchema("Your account") }, async (request, reply) =>
    accountPage(request, reply),
  );

  server.post(
    "/account/authenticator",
    {
      config,
      schema: formSchema("Creates a new key for an authenticator app", ["password"]),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<{ Body: { password: string } }>, reply) => {
      try {
        const people = await requirePeople(request);
        const { person } = await requireSession(request, reply);
        // An unattended open session must not be enough for a stranger to replace the person's factor.
        await people.provePassword(person.email, request.body.password);
        const secret = await people.newSecret(await accessToken(request, reply, people));
        await keepSession(request, reply, { ...(await openSession(request, reply)), secret });
      } catch (error) {
        const problem = refusalForForm(error);
        return accountPage(request, reply.code(problem.statusCode), { problem });
      }
      return reply.redirect("/account", 303);
    },
  );

  server.post(
    "/account/authenticator/remove",
    { config, schema: formSchema("Removes the second factor", ["password"]), preHandler: requireOwnForm },
    async (request: FastifyRequest<{ Body: { password: string } }>, reply) => {
      try {
        const people = await requirePeople(request);
        const { person } = await requireSession(request, reply);
        await people.provePassword(person.email, request.body.password);
        await people.dropAuthenticator(await accessToken(request, reply, people));
      } catch (error) {
        const problem = refusalForForm(error);
        return accountPage(request, reply.code(problem.statusCode), { problem });
      }
      return accountPage(request, reply, {
        note: "Your second factor is removed. Logging in takes your password alone, unless everybody here must have a second factor: then you set up another one.",
      });
    },
  );

  server.post(
    "/account/authenticator/code",
    { config, schema: formSchema("Confirms the authenticator app", ["code"]), preHandler: requireOwnForm },
    async (request: FastifyRequest<{ Body: { code: string } }>, reply) => {
      try {
        const people = await requirePeople(request);
        const { secret } = await requireSession(request, reply);
        if (!secret) throw new Refusal(409, "there is no new key to confirm: enter your password first");
        await server.countCode(request);
        await people.useAuthenticator(await accessToken(request, reply, people), request.body.code);
      } catch (error) {
        const problem = refusalForForm(error);
        return accountPage(request, reply.code(problem.statusCode), { problem });
      }
      const { secret: _done, ...session } = await openSession(request, reply);
      await keepSession(request, reply, session);
      return accountPage(request, reply, {
        note: "From now on, logging in takes a code from your app as well.",
      });
    },
  );
}
