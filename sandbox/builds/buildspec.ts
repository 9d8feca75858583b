import { load } from "js-yaml";
import { messageOf, Problem } from "../problem";

/** In the order in which CodeBuild runs them. */
export const PHASES = ["install", "pre_build", "build", "post_build"] as const;
export type PhaseName = (typeof PHASES)[number];

export interface Phase {
  commands: string[];
  /** Run at the phase's end, however it ends. */
  finally: string[];
  /** Whether the build continues if the phase fails. */
  goesOn: boolean;
}

export interface BuildSpec {
  variables: Record<string, string>;
  /** Variable names, and where in Secrets Manager each one's value is. */
  secrets: Record<string, string>;
  /** Names of variables that are returned to whoever asks for the build. */
  exported: string[];
  phases: Partial<Record<PhaseName, Phase>>;
  /** What a pipeline takes over, as patterns below a folder of the source. */
  artifacts?: { folder: string; files: string[] };
}

type Given = Record<string, unknown>;

/** A buildspec of version 0.2, as far as this sandbox runs it; refuses what it would otherwise ignore silently. */
export function readBuildSpec(text: string): BuildSpec {
  const spec = mapping("the buildspec", parsed(text));
  only("the buildspec", spec, ["version", "env", "phases", "artifacts"]);
  if (Number(spec["version"]) !== 0.2)
    throw new Problem(`A buildspec's version must be 0.2, got ${String(spec["version"])}.`);
  const env = mapping("env", spec["env"] ?? {});
  only("env", env, ["variables", "secrets-manager", "exported-variables", "shell"]);
  if ((env["shell"] ?? "bash") !== "bash")
    throw new Problem(
      `The sandbox runs builds by bash alone, got env.shell ${JSON.stringify(env["shell"])}.`,
    );
  const phases = mapping("phases", spec["phases"]);
  only("phases", phases, [...PHASES]);
  return {
    variables: texts("env.variables", env["variables"] ?? {}),
    secrets: texts("env.secrets-manager", env["secrets-manager"] ?? {}),
    phases: Object.fromEntries(Object.entries(phases).map(([name, phase]) => [name, phaseOf(name, phase)])),
    exported: list("env.exported-variables", env["exported-variables"] ?? []),
    artifacts: spec["artifacts"] === undefined ? undefined : artifacts(spec["artifacts"]),
  };
}

function phaseOf(name: string, given: unknown): Phase {
  const phase = mapping(name, given);
  // This machine's own programs run, whatever versions are asked for.
  only(name, phase, ["commands", "finally", "on-failure", "runtime-versions"]);
  const onFailure = phase["on-failure"] ?? "ABORT";
  if (onFailure !== "ABORT" && onFailure !== "CONTINUE")
    throw new Problem(`${name}.on-failure must be ABORT or CONTINUE, got ${JSON.stringify(onFailure)}.`);
  return {
    commands: list(`${name}.commands`, phase["commands"] ?? []),
    finally: list(`${name}.finally`, phase["finally"] ?? []),
    goesOn: onFailure === "CONTINUE",
  };
}

function artifacts(given: unknown): BuildSpec["artifacts"] {
  const all = mapping("artifacts", given);
  only("artifacts", all, ["files", "base-directory"]);
  const folder = all["base-directory"] ?? ".";
  if (typeof folder !== "string") throw new Problem("artifacts.base-directory must be a text.");
  return { folder, files: list("artifacts.files", all["files"]) };
}

function parsed(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    throw new Problem(`The buildspec is not YAML: ${messageOf(error).split("\n")[0]}.`);
  }
}

function mapping(what: string, given: unknown): Given {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new Problem(`${what} must be a mapping, got ${JSON.stringify(given)}.`);
  return given as Given;
}

function only(what: string, given: Given, known: string[]): void {
  const other = Object.keys(given).find((key) => !known.includes(key));
  if (other) throw new Problem(`The sandbox carries no ${other} in ${what}; it carries ${known.join(", ")}.`);
}

const texts = (what: string, given: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(mapping(what, given)).map(([name, value]) => [name, String(value)]));

function list(what: string, given: unknown): string[] {
  if (!Array.isArray(given) || !given.every((one): one is string => typeof one === "string"))
    throw new Problem(`${what} must be a list of texts.`);
  return given;
}
