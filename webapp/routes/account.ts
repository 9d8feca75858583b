import forms from "@fastify/formbody";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Field, FormOptions } from "../pages/forms";
import { CODE, EMAIL, formCard, NEW_PASSWORD, PASSWORD } from "../pages/forms";
import { html } from "../pages/html";
import { page } from "../pages/layout";
import { PoolRefusal } from "../identity/errors";
import type { SignIn } from "../identity/people";
import {
  keepSession,
  openSession,
  requireIdentity,
  requireOwnForm,
  shownAs,
  signIn,
} from "../plugins/session";
import { clearCookie } from "../session/cookies";
import { Refusal, refusalSchema } from "../refusal";

const TEXTS: Record<
  string,
  { type: "string"; minLength: 1; maxLength: number; description: string; writeOnly?: boolean }
> = {
  form: { type: "string", minLength: 1, maxLength: 100, description: "the form's token" },
  email: {
    type: "string",
    minLength: 1,
    maxLength: 128,
    description: "an e-mail address of 1 to 128 characters",
  },
  password: {
    type: "string",
    minLength: 1,
    maxLength: 256,
    description: "a password of 1 to 256 characters",
    writeOnly: true,
  },
  code: {
    type: "string",
    minLength: 1,
    maxLength: 8,
    description: "the six digits that were sent",
    writeOnly: true,
  },
};

type Inputs = Record<"email" | "password" | "code", string>;
type Posted = FastifyRequest<{ Body: Inputs }>;

const schemaOf = (summary: string, names: string[]) => ({
  summary,
  body: {
    type: "object",
    required: ["form", ...names],
    additionalProperties: false,
    properties: Object.fromEntries(["form", ...names].map((name) => [name, TEXTS[name]])),
  },
  response: { "4xx": refusalSchema, "5xx": refusalSchema },
});

/** A page with a form, and what happens with what was entered. */
interface Step {
  path: string;
  form: Omit<FormOptions, "action" | "form" | "problem">;
  submit(request: Posted, reply: FastifyReply): Promise<unknown>;
}

/** Sign-up, log-in, and all that a pool may ask for on the way. */
export default async function account(server: FastifyInstance): Promise<void> {
  await server.register(forms);
  const tries = { rateLimit: { max: server.config.SIGN_IN_TRIES_PER_MINUTE, timeWindow: "1 minute" } };
  const people = async () => (await requireIdentity(server)).people;

  for (const step of stepsOf(server, people)) {
    server.get(step.path, { schema: { hide: true } }, async (request, reply) => show(request, reply, step));
    const names = step.form.fields.map(({ name }) => name);
    server.post(
      step.path,
      { config: tries, schema: schemaOf(step.form.title, names), preHandler: requireOwnForm },
      async (request, reply) => {
        try {
          return await step.submit(request as Posted, reply);
        } catch (error) {
          if (!(error instanceof Refusal) || error.statusCode >= 500) throw error;
          const { email } = request.body as Inputs;
          return show(request, reply.code(error.statusCode), step, { email, problem: error });
        }
      },
    );
  }

  server.post(
    "/logout",
    { schema: schemaOf("Ends the session", []), preHandler: requireOwnForm },
    async (request, reply) => {
      const { refreshToken } = await openSession(request, reply);
      // The cookie goes whether or not the pool can be told.
      clearCookie(request, reply);
      if (refreshToken)
        await (
          await people()
        )
          .signOut(refreshToken)
          .catch((error: Error) => request.log.warn({ err: error }, "not revoked"));
      return reply.redirect("/login", 303);
    },
  );
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  step: Step,
  { email, problem }: { email?: string; problem?: Refusal } = {},
): Promise<string> {
  const { keys } = await requireIdentity(request.server);
  const session = await openSession(request, reply);
  if (!session.person) await keepSession(request, reply, session);
  const given = email ?? (request.query as { email?: unknown }).email;
  const fields = step.form.fields.map((field: Field) =>
    field.name === "email" && typeof given === "string" ? { ...field, value: given.slice(0, 128) } : field,
  );
  const form = keys.formToken(session.id);
  reply.type("text/html; charset=utf-8");
  return page(
    {
      title: step.form.title,
      person: session.person && shownAs(request.server, session.person, form),
    },
    formCard({
      ...step.form,
      intro: introOf(step, session.challenge?.secret),
      fields,
      action: step.path,
      form,
      problem,
    }),
  );
}

const introOf = ({ form }: Step, secret: string | undefined) =>
  secret && form.fields.length === 1 && form.fields[0] === CODE
    ? html`${form.intro} <code>${secret.replace(/(.{4})/g, "$1 ")}</code>`
    : form.intro;

function stepsOf(
  server: FastifyInstance,
  people: () => Promise<import("../identity/people").People>,
): Step[] {
  const goOn = (request: FastifyRequest, reply: FastifyReply, result: SignIn) =>
    next(server, request, reply, result);
  const challengeOf = async (request: FastifyRequest, reply: FastifyReply) => {
    const { challenge } = await openSession(request, reply);
    if (!challenge) throw new Refusal(401, "this sign-in took too long: start again");
    return challenge;
  };
  const withEmail = (path: string, email: string) => `${path}?${new URLSearchParams({ email }).toString()}`;

  return [
    {
      path: "/signup",
      form: {
        title: "Sign up",
        fields: [EMAIL, { ...NEW_PASSWORD, label: "Password" }],
        button: "Sign up",
        links: [{ href: "/login", text: "I have an account" }],
      },
      async submit({ body }, reply) {
        if (!(await requireIdentity(server)).settings.selfSignUp)
          throw new Refusal(403, "accounts are made by an administrator here");
        await (await people()).signUp(body.email, body.password);
        return reply.redirect(withEmail("/confirm", body.email), 303);
      },
    },
    {
      path: "/confirm",
      form: {
        title: "Confirm your address",
        intro: "Enter the code that was sent to your e-mail address.",
        fields: [EMAIL, CODE],
        button: "Confirm",
        links: [{ href: "/confirm/again", text: "Send a new code" }],
      },
      async submit({ body }, reply) {
        await (await people()).confirm(body.email, body.code);
        return reply.redirect(withEmail("/login", body.email), 303);
      },
    },
    {
      path: "/confirm/again",
      form: { title: "Send a new code", fields: [EMAIL], button: "Send" },
      async submit({ body }, reply) {
        await (await people()).resendCode(body.email);
        return reply.redirect(withEmail("/confirm", body.email), 303);
      },
    },
    {
      path: "/login",
      form: {
        title: "Log in",
        fields: [EMAIL, PASSWORD],
        button: "Log in",
        links: [
          { href: "/signup", text: "Make an account" },
          { href: "/forgot", text: "I forgot my password" },
        ],
      },
      async submit(request, reply) {
        const { email, password } = request.body;
        try {
          return await goOn(request, reply, await (await people()).signIn(email, password));
        } catch (error) {
          if (error instanceof PoolRefusal && error.reason === "UserNotConfirmedException")
            return reply.redirect(withEmail("/confirm", email), 303);
          throw error;
        }
      },
    },
    {
      path: "/login/code",
      form: {
        title: "Second factor",
        intro: "Enter the code that your authenticator app shows.",
        fields: [CODE],
        button: "Log in",
      },
      async submit(request, reply) {
        const challenge = await challengeOf(request, reply);
        return goOn(request, reply, await (await people()).answerCode(challenge, request.body.code));
      },
    },
    {
      path: "/login/password",
      form: {
        title: "Choose your password",
        intro: "Your account was made for you: choose a password of your own.",
        fields: [NEW_PASSWORD],
        button: "Save",
      },
      async submit(request, reply) {
        const challenge = await challengeOf(request, reply);
        return goOn(request, reply, await (await people()).answerPassword(challenge, request.body.password));
      },
    },
    {
      path: "/login/authenticator",
      form: {
        title: "Set up your second factor",
        intro: "Add this key to an authenticator app, then enter the code that it shows:",
        fields: [CODE],
        button: "Log in",
      },
      async submit(request, reply) {
        const challenge = await challengeOf(request, reply);
        return goOn(request, reply, await (await people()).finishAuthenticator(challenge, request.body.code));
      },
    },
    {
      path: "/forgot",
      form: {
        title: "Forgotten password",
        intro: "A code is sent to your address, if it has an account.",
        fields: [EMAIL],
        button: "Send a code",
      },
      async submit({ body }, reply) {
        await (await people()).forgotPassword(body.email);
        return reply.redirect(withEmail("/reset", body.email), 303);
      },
    },
    {
      path: "/reset",
      form: { title: "Choose a new password", fields: [EMAIL, CODE, NEW_PASSWORD], button: "Save" },
      async submit({ body }, reply) {
        await (await people()).resetPassword(body.email, body.code, body.password);
        return reply.redirect(withEmail("/login", body.email), 303);
      },
    },
  ];
}

const PAGES = {
  NEW_PASSWORD_REQUIRED: "/login/password",
  SOFTWARE_TOKEN_MFA: "/login/code",
  MFA_SETUP: "/login/authenticator",
} as const;

/** Home with tokens, or on to the page of what the pool asks for next. */
async function next(server: FastifyInstance, request: FastifyRequest, reply: FastifyReply, result: SignIn) {
  if ("tokens" in result) {
    const { after = "/home" } = await openSession(request, reply);
    await signIn(request, reply, result.tokens);
    return reply.redirect(after, 303);
  }
  let { challenge } = result;
  if (challenge.name === "MFA_SETUP")
    challenge = await (await requireIdentity(server)).people.startAuthenticator(challenge);
  const session = await openSession(request, reply);
  await keepSession(request, reply, { id: session.id, after: session.after, challenge });
  return reply.redirect(PAGES[challenge.name], 303);
}
