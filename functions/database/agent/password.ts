import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

/** Two users take turns: while one's password changes, the other's still opens the database. */
export const users = ["app", "app_b"] as const;

export interface Secret {
  username: string;
  password: string;
  /** The data was created before: if it is missing it is lost, and no node creates new data. */
  initialised?: boolean;
  [more: string]: unknown;
}

export interface PasswordPorts {
  secret(): Promise<{ value: Secret; ageMs: number }>;
  store(secret: Secret): Promise<void>;
  random(): Promise<string>;
  /** PostgreSQL's stored hash of a user's password; undefined if there is no password or no user. */
  kept(user: string): Promise<string | undefined>;
  /** Creates the user if there is none; null removes its password. */
  keep(user: string, verifier: string | null): Promise<void>;
}

export interface PasswordTimes {
  /** The password is changed at this age. */
  changeMs: number;
  /** The former password opens the database for this long after a change. */
  formerMs: number;
}

/**
 * Keeps the secret and PostgreSQL consistent: changes a password that is old, or that does not open the database, as after
 * a restored backup. PostgreSQL is changed first and the secret last, so the secret's content is valid at every moment.
 */
export async function keepPassword(
  ports: PasswordPorts,
  times: PasswordTimes,
  now = false,
): Promise<"kept" | "changed"> {
  const { value, ageMs } = await ports.secret();
  const other = value.username === users[0] ? users[1] : users[0];
  const kept = await ports.kept(value.username);
  if (!now && ageMs < times.changeMs && kept && fits(value.password, kept)) {
    if (ageMs >= times.formerMs && (await ports.kept(other))) await ports.keep(other, null);
    if (!value.initialised) await ports.store({ ...value, initialised: true });
    return "kept";
  }
  const password = await ports.random();
  await ports.keep(other, verifier(password));
  await ports.store({ ...value, username: other, password, initialised: true });
  return "changed";
}

/** A password as PostgreSQL stores it (RFC 5803), so that the password itself appears in no statement and no log. */
export function verifier(password: string, salt = randomBytes(16), iterations = 4096): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const key = (use: string) => createHmac("sha256", salted).update(use).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${key("Server Key").toString("base64")}`;
}

export function fits(password: string, kept: string): boolean {
  const [, iterations, salt] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(kept) ?? [];
  if (!iterations || !salt) return false;
  const expected = Buffer.from(verifier(password, Buffer.from(salt, "base64"), Number(iterations)));
  return expected.length === kept.length && timingSafeEqual(expected, Buffer.from(kept));
}
