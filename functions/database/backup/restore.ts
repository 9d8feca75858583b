import type { Inventory } from "./inventory";

/** `latest`, or a time as ISO 8601 writes it; what stands behind an @ only tells two restores apart. */
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

/** Refuses a moment that nothing leads to: PostgreSQL would find out when everything has been fetched. */
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
    throw new Error(`a restore must be to a moment that has been, got ${moment.toISOString()}`);
}

export interface Target {
  /** Empty; PostgreSQL finds its data there when it starts. */
  folder: string;
  moment: Date | "latest";
  /** Whether what is written from then on goes to the repository again. */
  archives: boolean;
  /** For pgBackRest's own files, where another of its commands may run beside this one. */
  locks?: string;
}

/** The words for pgBackRest by which it brings the data back, and PostgreSQL recovers to the moment at its next start. */
export function restoreWords(
  repository: string[],
  { folder, moment, archives, locks }: Target,
  dataFolder = folder,
): string[] {
  // Later than now, when the data lies where it belongs.
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
