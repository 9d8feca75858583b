import * as pulumi from "@pulumi/pulumi";
import { Environment, ENVIRONMENTS } from "./environments";
import { Settings, SettingsError } from "./settings";

/** What no `npm run` stands before: whoever calls the Pulumi CLI himself meets it in each preview and update. */
export function guard(
  stack: string,
  settings: Settings,
  config: Record<string, string>,
  onAws = underEngine() && reachesAws(stack),
): void {
  const problems = [
    ...settingsOfAnother(stack, settings),
    ...withoutAccount(settings, config),
    ...withoutPrefix(stack, settings, config),
    ...(onAws ? [...thisMachine(stack), ...examplesIn(settings)] : []),
  ];
  if (problems.length > 0) throw new SettingsError(stack, problems);
}

/** What `npm start` runs, with names and intervals that are for one machine. */
const SANDBOX = "sandbox";

function thisMachine(stack: string): string[] {
  return stack === SANDBOX
    ? ["it stands for this machine: npm start runs it, or npm run up -- --stack sandbox"]
    : [];
}

/** Whether it is AWS's own provider that acts; `npm run up -- --stack sandbox` puts the emulators in its place. */
export const reachesAws = (stack: string, attached = process.env["PULUMI_DEBUG_PROVIDERS"]): boolean =>
  stack !== SANDBOX || !/(^|,)aws:\d+(,|$)/.test(attached ?? "");

/** `--config-file Pulumi.dev.yaml --stack prod` would take prod's protection away and then its parts. */
function settingsOfAnother(stack: string, { environment }: Settings): string[] {
  if (!ENVIRONMENTS.includes(stack as Environment) || environment === stack) return [];
  return [
    `groundwork:environment must be ${stack} in the stack of that name, got ${JSON.stringify(environment)}`,
  ];
}

/** The AWS provider itself refuses every other account, on `destroy` as well. */
function withoutAccount({ environment }: Settings, config: Record<string, string>): string[] {
  const accounts = config["aws:allowedAccountIds"];
  if (environment !== "prod" || /\d/.test(accounts ?? "")) return [];
  return [`aws:allowedAccountIds must name the account of a prod environment, got ${accounts ?? "nothing"}`];
}

/** The default is the environment's: a second stack of it would take the first one's projects for its own. */
function withoutPrefix(
  stack: string,
  { environment, provisioner }: Settings,
  config: Record<string, string>,
): string[] {
  const given = /"prefix"/.test(config["groundwork:provisioner"] ?? "");
  if (!provisioner || given || ENVIRONMENTS.includes(stack as Environment)) return [];
  return [
    `groundwork:provisioner.prefix must be given in a stack that is not named after its environment, got nothing: ${provisioner.prefix} is stack ${environment}'s`,
  ];
}

/** Pulumi's mocks, which tests and the sandbox run the program under, know no hooks; nothing of theirs reaches AWS. */
const underEngine = () => "registerResourceHook" in (pulumi.runtime.getMonitor() ?? {});

/** Names that stand for somebody's own in our files: the first `up` would build from a stranger's repository. */
const EXAMPLE = /^example\/|(^|[.@])example\.(com|net|org)$/;

function examplesIn(settings: unknown, path = "groundwork"): string[] {
  if (typeof settings === "string")
    return EXAMPLE.test(settings) ? [`${path} must be your own, got ${JSON.stringify(settings)}`] : [];
  if (typeof settings !== "object" || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]) =>
    examplesIn(value, path === "groundwork" ? `${path}:${key}` : `${path}.${key}`),
  );
}
