const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A day's changes are copied shortly before the day is over: the next check comes minutes later. */
const CHANGES = DAY - 10 * 60_000;

export interface Backup {
  type: "full" | "diff" | "incr";
  /** When it was completed. */
  at: number;
  /** Size of the data after a restore. */
  bytes: number;
}

/** The contents of a repository. */
export interface Inventory {
  /** Whether it knows this database. */
  known: boolean;
  /** Valid ones, oldest first. */
  backups: Backup[];
}

interface Stanza {
  status: { code: number };
  backup: {
    type: Backup["type"];
    error?: boolean | null;
    timestamp: { stop: number };
    info: { size: number };
  }[];
}

/** pgBackRest's own messages for a stanza that was never created, and for one without its files. */
const UNKNOWN = [1, 3];

/** Reads what `pgbackrest info --output=json` reports about one database. */
export function inventoryIn(json: string): Inventory {
  const [stanza] = JSON.parse(json) as Stanza[];
  if (!stanza) return { known: false, backups: [] };
  const backups = stanza.backup
    .filter(({ error }) => error !== true)
    .map(({ type, timestamp, info }) => ({ type, at: timestamp.stop * 1000, bytes: info.size }));
  return {
    known: !UNKNOWN.includes(stanza.status.code),
    backups: backups.sort((one, other) => one.at - other.at),
  };
}

/** The backup that is due now. */
export function due({ backups }: Inventory, fullDays: number, now: number): "full" | "incr" | undefined {
  const full = backups.filter(({ type }) => type === "full").at(-1);
  if (!full || now - full.at >= fullDays * DAY - (DAY - CHANGES)) return "full";
  return now - backups.at(-1)!.at >= CHANGES ? "incr" : undefined;
}

export const ageHours = ({ backups }: Inventory, now: number): number | undefined => {
  const last = backups.at(-1);
  return last && (now - last.at) / HOUR;
};
