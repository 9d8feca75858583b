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
  /** What was refused of the second factor. */
  problem?: Refusal;
  /** What was refused of the passkeys. */
  passkeyProblem?: Refusal;
  note?: string;
}

/** What a second factor would mean, for whoever has passkeys and for whoever has none. */
const WITH_ONE = {
  none: "with one, your files are safe even if your password is stolen.",
  passkeys:
    "with one, your files are safe even if your password is stolen, but your passkeys log you in no longer.",
};

/** The account of whoever is signed in: a second factor, or passkeys, for those who want them. */
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
        ${isOn ? "logging in takes a code from your authenticator app. Give your password to change that." : WITH_ONE[passkeys.length > 0 ? "passkeys" : "none"]}`,
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

/** What the page shows of a person; nothing of who is not signed in. */
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

/** The session keeps no access token: it is only needed for the account, and the refresh token gives one. */
export async function accessToken(
  request: FastifyRequest,
  reply: FastifyReply,
  people: People,
): Promise<string> {
  const { person, refreshToken } = await requireSession(request, reply);
  return (await people.refresh(person.username, refreshToken!)).access;
}
