// Decides who may use a custom domain name.
import { ApiReply } from "../shared/http";
import { isWithin } from "../shared/is-within";
import { AdmitSettings, refuse } from "./admit";
import { Choice, kindOf } from "./catalogue";

/** Why a project may not have this name, if so. Only taking the name shows whether somebody else has it. */
export function domainRefusal(
  { domain: platform, zones, consoleUrl }: Pick<AdmitSettings, "domain" | "zones" | "consoleUrl">,
  { type, framework, environment, domain }: Choice,
): ApiReply | undefined {
  if (!domain) return undefined;
  if ([...zones, new URL(consoleUrl).hostname].some((zone) => isWithin(domain, zone)))
    return refuse(
      409,
      "reserved",
      `The name ${domain} lies in a zone of the platform's own; choose another.`,
    );
  if (kindOf(type, framework)?.template !== "server" || (platform && environment !== "dev")) return undefined;
  const problem = platform
    ? "domain must be left out for a dev project with servers, which has no HTTPS: ask for it in stag or prod"
    : "domain must be left out for a project with servers, which have HTTPS only where the platform has a domain";
  return refuse(400, "invalid", problem, { problems: [problem] });
}

export const domainTaken = (domain: string) =>
  refuse(
    409,
    "taken",
    `The name ${domain} is taken: a project has it, or had it until lately. Its business unit can take it again some minutes after that.`,
  );
