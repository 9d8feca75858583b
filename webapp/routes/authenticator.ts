import forms from "@fastify/formbody";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { renderSVG } from "uqr";
import { CODE, formCard, keyText } from "../pages/forms";
import { html } from "../pages/html";
import { signInTries } from "../plugins/rate-limit";
import {
  keepSession,
  openSession,
  requireIdentity,
  requireOwnForm,
  requireSession,
} from "../plugins/session";
import { type Refusal, refusalForForm } from "../refusal";
import { formSchema } from "./form-schema";
import { personPage } from "./person-page";

/** The account of whoever is signed in: a second factor, for those who want one. */
export default async function authenticator(server: FastifyInstance): Promise<void> {
  await server.register(forms);
  const config = signInTries(server);

  server.get("/account", { schema: { hide: true } }, async (request, reply) => show(request, reply));

  server.post(
    "/account/authenticator",
    { config, schema: formSchema("Makes a new key for an authenticator app"), preHandler: requireOwnForm },
    async (request, reply) => {
      const { people } = await requireIdentity(server);
      const secret = await people.newSecret(await accessToken(request, reply));
      await keepSession(request, reply, { ...(await openSession(request, reply)), secret });
      return reply.redirect("/account", 303);
    },
  );

  server.post(
    "/account/authenticator/code",
    { config, schema: formSchema("Proves the authenticator app", ["code"]), preHandler: requireOwnForm },
    async (request: FastifyRequest<{ Body: { code: string } }>, reply) => {
      try {
        const { people } = await requireIdentity(server);
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

const show = (request: FastifyRequest, reply: FastifyReply, problem?: Refusal, note?: string) =>
  personPage(request, reply, { title: "Your account" }, ({ person, secret }, form) => {
    const common = { title: "Your account", form, problem, note };
    return secret
      ? formCard({
          ...common,
          intro: html`Scan this picture with an authenticator app, or type in its key. Then enter the code
            that the app shows:
            <img class="scan" src="${pictureOf(person.email, secret)}" alt="The key as a QR code" />
            ${keyText(secret)}`,
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
        });
  });

/** What authenticator apps scan, as a picture within the page: the secret is in no address and no log. */
function pictureOf(email: string, secret: string): string {
  const label = encodeURIComponent(`Groundwork:${email}`);
  const svg = renderSVG(`otpauth://totp/${label}?secret=${secret}&issuer=Groundwork`, { border: 2 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

/** The session keeps no access token: it is only needed here, and the refresh token gives one. */
async function accessToken(request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { person, refreshToken } = await requireSession(request, reply);
  const { people } = await requireIdentity(request.server);
  return (await people.refresh(person.username, refreshToken!)).access;
}
