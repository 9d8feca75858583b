import forms from "@fastify/formbody";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { CODE, formCard, PASSWORD } from "../pages/forms";
import { authenticatorKey } from "../pages/authenticator-key";
import { html } from "../pages/html";
import { signInTries } from "../plugins/rate-limit";
import { keepSession, openSession, requireOwnForm, requirePeople, requireSession } from "../plugins/session";
import { pageSchema, Refusal, refusalForForm } from "../refusal";
import { formSchema } from "./form-schema";
import { personPage } from "./person-page";

/** The account of whoever is signed in: a second factor, for those who want one. */
export default async function authenticator(server: FastifyInstance): Promise<void> {
  await server.register(forms);
  const config = signInTries(server);

  server.get("/account", { schema: pageSchema("Your account") }, async (request, reply) =>
    show(request, reply),
  );

  server.post(
    "/account/authenticator",
    {
      config,
      schema: formSchema("Makes a new key for an authenticator app", ["password"]),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<{ Body: { password: string } }>, reply) => {
      try {
        const people = await requirePeople(request);
        const { person } = await requireSession(request, reply);
        // A session that somebody left open must not be enough to put another factor in the place of theirs.
        await people.provePassword(person.email, request.body.password);
        const secret = await people.newSecret(await accessToken(request, reply));
        await keepSession(request, reply, { ...(await openSession(request, reply)), secret });
      } catch (error) {
        const problem = refusalForForm(error);
        return show(request, reply.code(problem.statusCode), problem);
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
        await people.dropAuthenticator(await accessToken(request, reply));
      } catch (error) {
        const problem = refusalForForm(error);
        return show(request, reply.code(problem.statusCode), problem);
      }
      return show(
        request,
        reply,
        undefined,
        "Your second factor is removed. Logging in takes your password alone, unless everybody here must have a second factor: then you set up another one.",
      );
    },
  );

  server.post(
    "/account/authenticator/code",
    { config, schema: formSchema("Proves the authenticator app", ["code"]), preHandler: requireOwnForm },
    async (request: FastifyRequest<{ Body: { code: string } }>, reply) => {
      try {
        const people = await requirePeople(request);
        const { secret } = await requireSession(request, reply);
        if (!secret) throw new Refusal(409, "there is no new key to prove: give your password first");
        await server.countCode(request);
        await people.useAuthenticator(await accessToken(request, reply), request.body.code);
      } catch (error) {
        const problem = refusalForForm(error);
        return show(request, reply.code(problem.statusCode), problem);
      }
      const { secret: _done, ...session } = await openSession(request, reply);
      await keepSession(request, reply, session);
      return show(request, reply, undefined, "From now on, logging in takes a code from your app as well.");
    },
  );
}

async function show(request: FastifyRequest, reply: FastifyReply, problem?: Refusal, note?: string) {
  const { person } = await openSession(request, reply);
  const people = person && (await requirePeople(request));
  const isOn = people ? await people.hasAuthenticator(await accessToken(request, reply)) : false;
  return personPage(request, reply, { title: "Your account" }, ({ person, secret }, form) => {
    const common = { title: "Your account", form, problem, note };
    return secret
      ? formCard({
          ...common,
          intro: authenticatorKey(person.email, secret),
          action: "/account/authenticator/code",
          fields: [CODE],
          button: "Use this app",
        })
      : formCard({
          ...common,
          intro: html`You are signed in as ${person.email}. Your second factor is
            <strong id="factor">${isOn ? "on" : "off"}</strong>:
            ${isOn ? "logging in takes a code from your authenticator app. Give your password to change that." : "with one, your files are safe even if your password is stolen."}`,
          action: "/account/authenticator",
          fields: [PASSWORD],
          button: isOn ? "Set up another app" : "Set up an authenticator app",
          second: isOn
            ? { button: "Remove the second factor", action: "/account/authenticator/remove" }
            : undefined,
        });
  });
}

/** The session keeps no access token: it is only needed here, and the refresh token gives one. */
async function accessToken(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { person, refreshToken } = await requireSession(request, reply);
  const people = await requirePeople(request);
  return (await people.refresh(person.username, refreshToken!)).access;
}
