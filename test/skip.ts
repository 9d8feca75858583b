/** What a test may find missing on a machine, or is left out for unless it is asked for. */
export type Need =
  | "emulators"
  | "engine"
  | "languages"
  | "namespaces"
  | "shellcheck"
  | "actionlint"
  | "cloud-init"
  | "aws"
  | "schemathesis"
  | "pgbackrest"
  | "Linux"
  | "docker"
  | "ruby"
  | "advisories"
  | "asked for";

/**
 * Skips a test, or all of a suite in its `before`, and keeps the reason for the end of the run. Where a need must be met, as in
 * continuous integration (GROUNDWORK_MUST_RUN="emulators namespaces ..."), it fails instead.
 */
export function skip(context: Mocha.Context, need: Need, reason: string): never {
  if ((process.env["GROUNDWORK_MUST_RUN"] ?? "").split(" ").includes(need))
    throw new Error(`${need} must run here, and cannot: ${reason}`);
  const current = context.runnable() as Mocha.Runnable & { type: string };
  const skipped = (current.type === "hook" ? current.parent! : current) as { skipReason?: string };
  skipped.skipReason ??= reason; // the first one: mocha's own way to skip is an error, which a test may catch
  return context.skip();
}
