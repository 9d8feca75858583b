import type { Inventory } from "./inventory";

/** `latest`, or a time in ISO 8601; a suffix after an @ only distinguishes two restores. */
export function momentIn(from: string): Date | "latest" {
  const [moment] = from.split("@") as [string];
  if (moment === "latest") return moment;
  const time = new Date(moment);
  if (Number.isNaN(time.getTime()))
    throw new Error(
      `a restore must be from latest or from a time such as 2026-11-26T20:00:00Z, got ${moment}`,
    );
  return time;
}

/** Refuses a moment that no backup reaches: PostgreSQL would notice only after fetching everything. */
export function requireBackup(
  { backups: [oldest] }: Inventory,
  moment: Date | "latest",
  now = Date.now(),
): void {
  if (!oldest) throw new Error("there is no backup to restore from");
  if (moment !== "latest" && moment.getTime() < oldest.at)
    throw new Error(
      `a restore must be to ${new Date(oldest.at).toISOString()} or later, where the oldest backup ends; got ${moment.toISOString()}`,
    );
  if (moment !== "latest" && moment.getTime() > now)
    throw new Error(`a restore must be to a time in the past, got ${moment.toISOString()}`);
}

export interface Target {
  /** An empty folder; PostgreSQL finds its data there when it starts. */
  folder: string;
  moment: Date | "latest";
  /** Whether later changes are archived to the repository again. */
  archives: boolean;
  /** For pgBackRest's own files, if another of its commands may run beside this one. */
  locks?: string;
}

/** The pgBackRest arguments that restore the data and let PostgreSQL recover to the moment at its next start. */
export function restoreWords(
  repository: string[],
  { folder, moment, archives, locks }: Target,
  dataFolder = folder,
): string[] {
  // Later than now, once the data is in its final place.
  const fetch = [
    ...repository,
    `--pg1-path=${dataFolder}`,
    "--log-level-stderr=warn",
    "archive-get",
    "%f",
    '"%p"',
  ];
  const until =
    moment === "latest"
      ? ["--type=default"]
      : [
          "--type=time",
          `--target=${moment.toISOString().replace("T", " ").replace("Z", "+00")}`,
          "--target-action=promote",
        ];
  return [
    ...repository,
    `--pg1-path=${folder}`,
    ...until,
    ...(archives ? [] : ["--archive-mode=off"]),
    ...(locks ? [`--lock-path=${locks}`, `--spool-path=${locks}`] : []),
    `--recovery-option=restore_command=${fetch.join(" ")}`,
    "restore",
  ];
}
