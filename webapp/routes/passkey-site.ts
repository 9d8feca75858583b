import type { FastifyRequest } from "fastify";
import { requireIdentity } from "../plugins/session";
import { Refusal } from "../refusal";

/** The domain that passkeys are bound to, if this request could use one: browsers require that domain and HTTPS. */
export async function passkeySiteOf(request: FastifyRequest): Promise<string | undefined> {
  const { passkeySite: site } = (await requireIdentity(request.server)).settings;
  if (!site) return undefined;
  const { hostname, protocol } = request;
  const isOfSite = `.${hostname}`.endsWith(`.${site}`);
  const isSafe = protocol === "https" || `.${hostname}`.endsWith(".localhost");
  return isOfSite && isSafe ? site : undefined;
}

export async function requirePasskeySite(request: FastifyRequest): Promise<string> {
  const site = await passkeySiteOf(request);
  if (!site) throw new Refusal(409, "passkeys are off here: log in with your password");
  return site;
}
