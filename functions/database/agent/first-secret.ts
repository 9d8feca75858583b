import { addressOf } from "./advertised";
import { Secret, users, verifier } from "./password";

export interface FirstSecretPorts {
  store(secret: Secret): Promise<void>;
  random(): Promise<string>;
  certificate(): Promise<string>;
  kept(user: string): Promise<string | undefined>;
  keep(user: string, verifier: string): Promise<void>;
}

/**
 * Fills an empty secret when the database already has data: the settings name another secret than the one the first start filled. It names
 * the user that the former secret does not, so the former one stays valid until its clients are replaced. The secret is written first: if
 * that fails, no password changes, and a password that does not open the database yet is corrected at the next check.
 */
export async function fillSecret(ports: FirstSecretPorts): Promise<"changed"> {
  const username = (await ports.kept(users[1])) ? users[0] : users[1];
  const ca = await ports.certificate();
  const password = await ports.random();
  const rest = { host: addressOf(ca), port: 5432, dbname: "app", engine: "postgres", ca };
  await ports.store({ username, password, ...rest, initialised: true });
  await ports.keep(username, verifier(password));
  return "changed";
}
