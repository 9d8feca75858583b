import type { FastifyReply, FastifyRequest } from "fastify";
import type { People } from "../identity/people";
import { MOST_PASSKEYS } from "../identity/passkeys";
import { authenticatorKey } from "../pages/authenticator-key";
import { CODE, formCard, PASSWORD } from "../pages/forms";
import { html } from "../pages/html";
import { passkeysCard } from "../pages/passkeys";
import { keepSession, openSession, requirePeople, requireSession } from "../plugins/session";
import type { Refusal } from "../refusal";
import { passkeySiteOf } from "./passkey-site";
import { personPage } from "./person-page";

export interface Told {
  /** The refusal about the second factor. */
  problem?: Refusal;
  /** The refusal about the passkeys. */
  passkeyProblem?: Refusal;
  note?: string;
}

/** What a second factor would mean, with passkeys and without. */
const WITH_ONE = {
  none: "with one, your files are safe even if your password is stolen.",
  passkeys:
    "with one, your files are safe even if your password is stolen, but your passkeys log you in no longer.",
};

/** The signed-in person's account: a second factor, or passkeys, for those who want them. */
export async function accountPage(request: FastifyRequest, reply: FastifyReply, told: Told = {}) {
  const known = await knownOf(request, reply);
  const { problem, passkeyProblem, note = known?.note } = told;
  const script = known?.site && "account-passkeys.js";
  return personPage(request, reply, { title: "Your account", script }, ({ person, secret }, form) => {
    const common = { title: "Your account", form, problem, note };
    if (secret)
      return formCard({
        ...common,
        intro: authenticatorKey(person.email, secret),
        action: "/account/authenticator/code",
        fields: [CODE],
        button: "Use this app",
      });
    const { isOn = false, site, passkeys = [] } = known ?? {};
    const factor = formCard({
      ...common,
      intro: html`You are signed in as ${person.email}. Your second factor is
        <strong id="factor">${isOn ? "on" : "off"}</strong>:
        ${isOn ? "logging in takes a code from your authenticator app. Enter your password to change that." : WITH_ONE[passkeys.length > 0 ? "passkeys" : "none"]}`,
      action: "/account/authenticator",
      fields: [PASSWORD],
      button: isOn ? "Set up another app" : "Set up an authenticator app",
      second: isOn
        ? { button: "Remove the second factor", action: "/account/authenticator/remove" }
        : undefined,
    });
    if (!site) return factor;
    const hasFactor = isOn;
    return html`${factor}
    ${passkeysCard({ passkeys, site, form, hasFactor, most: MOST_PASSKEYS, problem: passkeyProblem })}`;
  });
}

/** The page's data about a person; undefined without a sign-in. */
async function knownOf(request: FastifyRequest, reply: FastifyReply) {
  const { note, ...session } = await openSession(request, reply);
  if (!session.person) return undefined;
  // Told once.
  if (note) await keepSession(request, reply, session);
  const site = await passkeySiteOf(request);
  const people = await requirePeople(request);
  const token = await accessToken(request, reply, people);
  const [isOn, passkeys] = await Promise.all([
    people.hasAuthenticator(token),
    site ? people.passkeys.list(token) : [],
  ]);
  return { note, site, isOn, passkeys };
}

/** The session keeps no access token: only the account needs one, and the refresh token yields it. */
export async function accessToken(
  request: FastifyRequest,
  reply: FastifyReply,
  people: People,
): Promise<string> {
  const { person, refreshToken } = await requireSession(request, reply);
  return (await people.refresh(person.username, refreshToken!)).access;
}
