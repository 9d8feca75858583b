import { Environment, ENVIRONMENTS } from "./environments";
import { Settings, SettingsError } from "./settings";

/** What no `npm run` stands before: whoever calls the Pulumi CLI himself meets it in each preview and update. */
export function guard(stack: string, settings: Settings, config: Record<string, string>): void {
  const problems = [...settingsOfAnother(stack, settings), ...withoutAccount(settings, config)];
  if (problems.length > 0) throw new SettingsError(stack, problems);
}

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
