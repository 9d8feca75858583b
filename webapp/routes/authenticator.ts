import forms from "@fastify/formbody";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { renderSVG } from "uqr";
import { CODE, formCard } from "../pages/forms";
import { html } from "../pages/html";
import { page } from "../pages/layout";
import { keepSession, openSession, requireIdentity, requireOwnForm, shownAs } from "../plugins/session";
import { Refusal, refusalSchema } from "../refusal";

const FORM = { type: "string", maxLength: 100, description: "the form's token" } as const;
const CODE_TEXT = {
  type: "string",
  maxLength: 8,
  description: "the six digits that the app shows",
  writeOnly: true,
} as const;

const schemaOf = (summary: string, more: Record<string, typeof CODE_TEXT> = {}) => ({
  summary,
  body: {
    type: "object",
    required: ["form", ...Object.keys(more)],
    additionalProperties: false,
    properties: { form: FORM, ...more },
  },
  response: { "4xx": refusalSchema, "5xx": refusalSchema },
});

/** The account of whoever is signed in: a second factor, for those who want one. */
export default async function authenticator(server: FastifyInstance): Promise<void> {
  await server.register(forms);
  const config = { rateLimit: { max: server.config.SIGN_IN_TRIES_PER_MINUTE, timeWindow: "1 minute" } };

  server.get("/account", { schema: { hide: true } }, async (request, reply) => show(request, reply));

  server.post(
    "/account/authenticator",
    { config, schema: schemaOf("Makes a new key for an authenticator app"), preHandler: requireOwnForm },
    async (request, reply) => {
      const secret = await (
        await requireIdentity(server)
      ).people.newSecret(await accessToken(request, reply));
      await keepSession(request, reply, { ...(await openSession(request, reply)), secret });
      return reply.redirect("/account", 303);
    },
  );

  server.post(
    "/account/authenticator/code",
    {
      config,
      schema: schemaOf("Proves the authenticator app", { code: CODE_TEXT }),
      preHandler: requireOwnForm,
    },
    async (request: FastifyRequest<{ Body?: { code: string } }>, reply) => {
      try {
        const { people } = await requireIdentity(server);
        await people.useAuthenticator(await accessToken(request, reply), request.body!.code);
      } catch (error) {
        if (!(error instanceof Refusal) || error.statusCode >= 500) throw error;
        return show(request, reply.code(error.statusCode), error);
      }
      const { secret: _done, ...session } = await openSession(request, reply);
      await keepSession(request, reply, session);
      return show(request, reply, undefined, "From now on a log-in asks for a code of your app.");
    },
  );
}

async function show(request: FastifyRequest, reply: FastifyReply, problem?: Refusal, note?: string) {
  const { keys } = await requireIdentity(request.server);
  const { id, person, secret } = await openSession(request, reply);
  if (!person) return reply.redirect("/login", 303);
  const form = keys.formToken(id);
  const common = { title: "Your account", form, problem, note };
  reply.type("text/html; charset=utf-8");
  return page(
    { title: "Your account", person: shownAs(request.server, person, form) },
    secret
      ? formCard({
          ...common,
          intro: html`Scan this picture with an authenticator app, or type its key in, then enter the code
            that it shows:
            <img class="scan" src="${pictureOf(person.email, secret)}" alt="The key as a QR code" />
            <code>${secret.replace(/(.{4})/g, "$1 ")}</code>`,
          action: "/account/authenticator/code",
          fields: [CODE],
          button: "Use this app",
        })
      : formCard({
          ...common,
          intro: `You are signed in as ${person.email}. A second factor protects your files if your password is stolen.`,
          action: "/account/authenticator",
          fields: [],
          button: "Set up an authenticator app",
        }),
  );
}

/** What authenticator apps scan, as a picture within the page: the secret is in no address and no log. */
function pictureOf(email: string, secret: string): string {
  const label = encodeURIComponent(`Groundwork:${email}`);
  const svg = renderSVG(`otpauth://totp/${label}?secret=${secret}&issuer=Groundwork`, { border: 2 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

/** The session keeps no access token: it is only needed here, and the refresh token gives one. */
async function accessToken(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { person, refreshToken } = await openSession(request, reply);
  if (!person || !refreshToken) throw new Refusal(401, "log in first, at /login");
  const { people } = await requireIdentity(request.server);
  return (await people.refresh(person.username, refreshToken)).access;
}
