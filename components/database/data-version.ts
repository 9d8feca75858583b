import * as pulumi from "@pulumi/pulumi";

/** The tag is on the file system itself, so that it lives as long as the data. */
export const VERSION_TAG = "groundwork:postgresql";

const versionIn = (inputs: pulumi.ResourceHookArgs["oldInputs"]): unknown => inputs?.["tags"]?.[VERSION_TAG];

/** PostgreSQL does not open data of another major version. If only the nodes noticed, the database would already be down. */
export async function refuseOtherVersion({
  name,
  oldInputs,
  newInputs,
}: Pick<pulumi.ResourceHookArgs, "name" | "oldInputs" | "newInputs">): Promise<void> {
  const [was, asked] = [versionIn(oldInputs), versionIn(newInputs)];
  if (was === undefined || was === asked) return;
  throw new Error(
    `version must stay ${String(was)}, which the data of "${name}" was made with, got ${String(asked)}: PostgreSQL cannot open data of another major version. ` +
      "The way to another one is a second stack beside this one: docs/database.md, Another major version",
  );
}

/** The engine checks before it changes the file system, in a preview too. Without an engine, as in unit tests, nobody calls hooks. */
export function keepsItsVersion(name: string): pulumi.ResourceHookBinding {
  if (!pulumi.runtime.hasEngine()) return {};
  return {
    beforeUpdate: [new pulumi.ResourceHook(`${name}-version`, refuseOtherVersion, { onDryRun: true })],
  };
}
