import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { PoolRefusal } from "../identity/errors";
import type { Challenge, People, SignIn } from "../identity/people";
import { CODE, EMAIL, type FormOptions, NEW_PASSWORD, PASSWORD } from "../pages/forms";
import { keepSession, openSession, requireIdentity, requirePeople, signIn } from "../plugins/session";
import { Refusal } from "../refusal";
import { inEvenTime } from "./even-time";

export type Inputs = Record<"email" | "password" | "code", string>;
type Submit = (request: FastifyRequest<{ Body: Inputs }>, reply: FastifyReply) => Promise<unknown>;

/** A page with a form, and what happens with the entered data. */
export interface Step {
  path: string;
  form: Omit<FormOptions, "action" | "form" | "problem" | "instead">;
  /** Refuses if the stack does not offer this page. */
  before?: (server: FastifyInstance) => Promise<void>;
  submit: Submit;
}

/** The page where people sign themselves up, in stacks that allow it. */
export const SIGN_UP = "/signup";

export const CHALLENGE_PAGES: Record<Challenge["name"], string> = {
  NEW_PASSWORD_REQUIRED: "/login/password",
  SOFTWARE_TOKEN_MFA: "/login/code",
  MFA_SETUP: "/login/authenticator",
};

const START_AGAIN = [{ href: "/login", text: "Start again" }];

/** Sign-up, login, and everything that a pool may require on the way. */
export const STEPS: Step[] = [
  {
    path: SIGN_UP,
    form: {
      title: "Sign up",
      fields: [EMAIL, { ...NEW_PASSWORD, label: "Password" }],
      button: "Sign up",
      links: [{ href: "/login", text: "I already have an account" }],
    },
    before: async (server) => {
      if (!(await requireIdentity(server)).settings.selfSignUp)
        throw new Refusal(403, "nobody can sign up here: ask an administrator for an account");
    },
    submit: thenTo("/confirm", (people, { email, password }) => people.signUp(email, password)),
  },
  {
    path: "/confirm",
    form: {
      title: "Confirm your address",
      intro:
        "Enter the code that was sent to your e-mail address. None is sent to an address that has an account already.",
      fields: [EMAIL, CODE],
      button: "Confirm",
      links: [
        { href: "/confirm/again", text: "Send a new code" },
        { href: "/login", text: "I already have an account" },
      ],
    },
    submit: thenTo(
      "/login",
      (people, { email, code }) => people.confirm(email, code),
      "Your address is confirmed: log in.",
    ),
  },
  {
    path: "/confirm/again",
    form: { title: "Send a new code", fields: [EMAIL], button: "Send" },
    submit: thenTo(
      "/confirm",
      (people, { email }) => people.resendCode(email),
      "A new code is on its way, if this address waits for one.",
    ),
  },
  {
    path: "/login",
    form: {
      title: "Log in",
      fields: [EMAIL, PASSWORD],
      button: "Log in",
      links: [
        { href: SIGN_UP, text: "Create an account" },
        { href: "/forgot", text: "I forgot my password" },
      ],
    },
    async submit(request, reply) {
      const { email, password } = request.body;
      const people = await requirePeople(request);
      try {
        return await goOn(request, reply, await people.signIn(email, password));
      } catch (error) {
        if (error instanceof PoolRefusal && error.reason === "UserNotConfirmedException")
          return redirectWith(email, "/confirm", request, reply);
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
      links: START_AGAIN,
    },
    submit: answering((people, challenge, { code }) => people.answerCode(challenge, code)),
  },
  {
    path: "/login/password",
    form: {
      title: "Choose your password",
      intro: "An administrator created your account. Choose a password of your own.",
      fields: [NEW_PASSWORD],
      button: "Save",
      links: START_AGAIN,
    },
    submit: answering((people, challenge, { password }) => people.answerPassword(challenge, password)),
  },
  {
    path: "/login/authenticator",
    form: {
      title: "Set up your second factor",
      fields: [CODE],
      button: "Log in",
      links: START_AGAIN,
    },
    submit: answering((people, challenge, { code }) => people.finishAuthenticator(challenge, code)),
  },
  {
    path: "/forgot",
    form: {
      title: "Forgotten password",
      intro: "A code is sent to your address, if it has an account.",
      fields: [EMAIL],
      button: "Send a code",
    },
    submit: thenTo("/reset", (people, { email }) => people.forgotPassword(email)),
  },
  {
    path: "/reset",
    form: { title: "Choose a new password", fields: [EMAIL, CODE, NEW_PASSWORD], button: "Save" },
    submit: thenTo(
      "/login",
      async (people, { email, code, password }, { log }) => {
        await people.resetPassword(email, code, password);
        // The password has changed by now: a failure must not suggest otherwise.
        await people
          .signOutEverywhere(email)
          .catch((error: Error) => log.error({ err: error }, "other sessions go on after a reset password"));
      },
      "Your password is changed: log in with the new one.",
    ),
  },
];

/** Calls the pool, then leads to another step with the address already filled in. */
function thenTo(
  path: string,
  ask: (people: People, inputs: Inputs, server: FastifyInstance) => Promise<void>,
  note?: string,
): Submit {
  return async (request, reply) => {
    const { body, server } = request;
    const people = await requirePeople(request);
    await inEvenTime(server, () => ask(people, body, server));
    return redirectWith(body.email, path, request, reply, note);
  };
}

async function redirectWith(
  email: string,
  path: string,
  request: FastifyRequest,
  reply: FastifyReply,
  note?: string,
) {
  await keepSession(request, reply, { ...(await openSession(request, reply)), email, note });
  return reply.redirect(path, 303);
}

const loginEnded = () =>
  new Refusal(401, "this login has ended, because it took too long or had too many wrong codes: start again");

/** Answers the pool's challenge during the login. */
function answering(
  answer: (people: People, challenge: Challenge, inputs: Inputs) => Promise<SignIn>,
): Submit {
  return async (request, reply) => {
    const { challenge } = await openSession(request, reply);
    if (!challenge) throw loginEnded();
    if (challenge.name !== "NEW_PASSWORD_REQUIRED") await request.server.countCode(request);
    const people = await requirePeople(request);
    try {
      return await goOn(request, reply, await answer(people, challenge, request.body));
    } catch (error) {
      // Cognito's error for an expired session: the password was right, or there would be no challenge.
      if (error instanceof PoolRefusal && error.reason === "NotAuthorizedException") throw loginEnded();
      throw error;
    }
  };
}

/** Home with tokens, or on to the page for the pool's next challenge. */
async function goOn(request: FastifyRequest, reply: FastifyReply, result: SignIn) {
  const { id, after } = await openSession(request, reply);
  if ("tokens" in result) {
    await signIn(request, reply, result.tokens);
    return reply.redirect(after ?? "/home", 303);
  }
  let { challenge } = result;
  if (challenge.name === "MFA_SETUP")
    challenge = await (await requirePeople(request)).startAuthenticator(challenge);
  await keepSession(request, reply, { id, after, challenge });
  return reply.redirect(CHALLENGE_PAGES[challenge.name], 303);
}
