import * as pulumi from "@pulumi/pulumi";
import { Environment, ENVIRONMENTS } from "./environments";
import { Settings, SettingsError } from "./settings";

/** Checks that no `npm run` makes: they also apply to a direct call of the Pulumi CLI, in each preview and update. */
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

/** The stack of `npm start`, whose names and intervals suit only one computer. */
const SANDBOX = "sandbox";

function thisMachine(stack: string): string[] {
  return stack === SANDBOX
    ? ["it stands for this machine: npm start runs it, or npm run up -- --stack sandbox"]
    : [];
}

/** Whether AWS's own provider acts. `npm run up -- --stack sandbox` replaces it with the emulators. */
export const reachesAws = (stack: string, attached = process.env["PULUMI_DEBUG_PROVIDERS"]): boolean =>
  stack !== SANDBOX || !/(^|,)aws:\d+(,|$)/.test(attached ?? "");

/** `--config-file Pulumi.dev.yaml --stack prod` would first remove prod's protection and then its resources. */
function settingsOfAnother(stack: string, { environment }: Settings): string[] {
  if (!ENVIRONMENTS.includes(stack as Environment) || environment === stack) return [];
  return [
    `groundwork:environment must be ${stack} in the stack of that name, got ${JSON.stringify(environment)}`,
  ];
}

/** The AWS provider itself refuses every other account, also for `destroy`. */
function withoutAccount({ environment }: Settings, config: Record<string, string>): string[] {
  const accounts = config["aws:allowedAccountIds"];
  if (environment !== "prod" || /\d/.test(accounts ?? "")) return [];
  return [`aws:allowedAccountIds must name the account of a prod environment, got ${accounts ?? "nothing"}`];
}

/** The default is the environment's, so a second stack of that environment would treat the first one's projects as its own. */
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

/** Tests and the sandbox run the program under Pulumi's mocks, which have no hooks. Nothing that they do reaches AWS. */
const underEngine = () => "registerResourceHook" in (pulumi.runtime.getMonitor() ?? {});

/** Placeholder names in our files: the first `up` would build from a stranger's repository. */
const EXAMPLE = /^example\/|(^|[.@])example\.(com|net|org)$/;

function examplesIn(settings: unknown, path = "groundwork"): string[] {
  if (typeof settings === "string")
    return EXAMPLE.test(settings) ? [`${path} must be your own, got ${JSON.stringify(settings)}`] : [];
  if (typeof settings !== "object" || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]) =>
    examplesIn(value, path === "groundwork" ? `${path}:${key}` : `${path}.${key}`),
  );
}
