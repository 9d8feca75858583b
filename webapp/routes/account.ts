import forms from "@fastify/formbody";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Challenge } from "../identity/people";
import { authenticatorKey } from "../pages/authenticator-key";
import { formCard, passwordHint } from "../pages/forms";
import { passkeyLogin } from "../pages/passkeys";
import { keepSession, openSession, requireIdentity, requireOwnForm } from "../plugins/session";
import { signInTries } from "../plugins/rate-limit";
import { pageSchema, refusalForForm } from "../refusal";
import { clearCookie } from "../session/cookies";
import { CHALLENGE_PAGES, type Inputs, SIGN_UP, type Step, STEPS } from "./account-steps";
import { formSchema } from "./form-schema";
import { passkeySiteOf } from "./passkey-site";
import { visitorPage } from "./visitor-page";

/** The pages of an account: a form each, and the logout. */
export default async function account(server: FastifyInstance): Promise<void> {
  await server.register(forms);

  for (const step of STEPS) {
    server.get(step.path, { schema: pageSchema(step.form.title) }, async (request, reply) => {
      await step.before?.(server);
      return show(request, reply, step);
    });
    const names = step.form.fields.map(({ name }) => name);
    server.post(
      step.path,
      {
        config: signInTries(server),
        schema: formSchema(step.form.title, names),
        preHandler: requireOwnForm,
      },
      async (request: FastifyRequest<{ Body: Inputs }>, reply) => {
        try {
          await step.before?.(server);
          return await step.submit(request, reply);
        } catch (error) {
          const problem = refusalForForm(error);
          return show(request, reply.code(problem.statusCode), step, { email: request.body.email, problem });
        }
      },
    );
  }

  server.post(
    "/logout",
    { schema: formSchema("Ends the session"), preHandler: requireOwnForm },
    async (request, reply) => {
      const { refreshToken } = await openSession(request, reply);
      // The cookie goes whether or not the pool can be reached.
      clearCookie(request, reply);
      if (refreshToken) {
        const { people } = await requireIdentity(server);
        await people
          .signOut(refreshToken)
          .catch((error: Error) => request.log.warn({ err: error }, "not revoked"));
      }
      return reply.redirect("/login", 303);
    },
  );
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  step: Step,
  { email, problem }: { email?: string; problem?: { message: string; field?: string } } = {},
): Promise<string> {
  const { keys, settings } = await requireIdentity(request.server);
  const session = await openSession(request, reply);
  const { note, ...rest } = session;
  // Told once.
  if (!session.person || note) await keepSession(request, reply, rest);
  const given = email ?? session.email;
  const fields = step.form.fields.map((field) => ({
    ...field,
    ...(field.name === "email" && given && { value: given }),
    ...(field.autocomplete === "new-password" && { hint: passwordHint(settings.passwordMinimumLength) }),
  }));
  const links = step.form.links?.filter(({ href }) => settings.selfSignUp || href !== SIGN_UP);
  const form = keys.formToken(session.id);
  const byPasskey = step.path === "/login" && (await passkeySiteOf(request)) !== undefined;
  const script = byPasskey ? "login-passkey.js" : undefined;
  return visitorPage(request, reply, { title: step.form.title, path: step.path, script }, () =>
    formCard({
      ...step.form,
      instead: byPasskey ? passkeyLogin() : undefined,
      intro: introOf(step, session.challenge),
      fields,
      links,
      action: step.path,
      form,
      problem,
      note: problem ? undefined : note,
    }),
  );
}

const introOf = ({ form, path }: Step, challenge: Challenge | undefined) =>
  path === CHALLENGE_PAGES.MFA_SETUP && challenge?.secret
    ? authenticatorKey(challenge.email, challenge.secret)
    : form.intro;
