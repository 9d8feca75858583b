import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";

/** Two users take turns: while one's password is changed the other one's still opens the database. */
export const users = ["app", "app_b"] as const;

export interface Secret {
  username: string;
  password: string;
  /** The data was made: where it is missing it is lost, and no node makes another one. */
  initialised?: boolean;
  [more: string]: unknown;
}

export interface PasswordPorts {
  secret(): Promise<{ value: Secret; ageMs: number }>;
  store(secret: Secret): Promise<void>;
  random(): Promise<string>;
  /** What PostgreSQL knows of a user's password; undefined without a password, or without the user. */
  kept(user: string): Promise<string | undefined>;
  /** Makes the user where there is none; null takes its password away. */
  keep(user: string, verifier: string | null): Promise<void>;
}

export interface PasswordTimes {
  /** The password is changed when it is this old. */
  changeMs: number;
  /** The former one opens the database for this long after a change. */
  formerMs: number;
}

/**
 * Holds the secret and PostgreSQL together: changes a password that is old, or that does not open the database, as after a
 * backup was brought back. PostgreSQL comes first and the secret last, so at every moment what the secret says is valid.
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

/** A password as PostgreSQL keeps it (RFC 5803), so that itself it stands in no statement and no log. */
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
