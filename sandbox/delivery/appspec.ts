import { load } from "js-yaml";
import { messageOf, Problem } from "../problem";

/** In CodeDeploy's order. */
export const HOOKS = {
  stop: ["ApplicationStop"],
  install: ["BeforeInstall", "AfterInstall", "ApplicationStart", "ValidateService"],
} as const;

export interface Hook {
  location: string;
  /** Seconds. */
  timeout: number;
}

/** The scripts of each event, as an AppSpec file for servers names them. */
export function hooksIn(text: string): Record<string, Hook[]> {
  const spec = parsed(text);
  const other = Object.keys(spec).find((key) => !["version", "os", "hooks"].includes(key));
  if (other) throw new Problem(`The sandbox carries no ${other} in appspec.yml; it carries hooks.`);
  if (spec["os"] !== "linux") throw new Problem(`appspec.yml must be for linux, got ${String(spec["os"])}.`);
  const known = Object.values(HOOKS).flat() as string[];
  const hooks = (spec["hooks"] ?? {}) as Record<string, { location?: string; timeout?: number }[]>;
  return Object.fromEntries(
    Object.entries(hooks).map(([event, scripts]) => {
      if (!known.includes(event))
        throw new Problem(`appspec.yml names the event ${event}; the sandbox carries ${known.join(", ")}.`);
      return [
        event,
        scripts.map(({ location, timeout = 3600 }) => {
          if (!location || location.startsWith("/") || location.split("/").includes(".."))
            throw new Problem(`${event} must name a script of the bundle, got ${String(location)}.`);
          return { location, timeout };
        }),
      ];
    }),
  );
}

function parsed(text: string): Record<string, unknown> {
  try {
    return load(text) as Record<string, unknown>;
  } catch (error) {
    throw new Problem(`appspec.yml is not YAML: ${messageOf(error).split("\n")[0]}.`);
  }
}
