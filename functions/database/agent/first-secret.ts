import { addressOf } from "./door";
import { Secret, users, verifier } from "./password";

export interface FirstSecretPorts {
  store(secret: Secret): Promise<void>;
  random(): Promise<string>;
  certificate(): Promise<string>;
  kept(user: string): Promise<string | undefined>;
  keep(user: string, verifier: string): Promise<void>;
}

/**
 * Fills a secret that holds nothing while the database has its data: the settings name another one than the first start filled.
 * It names the user that the former secret does not, so that this one is good until its clients are replaced. The secret comes
 * first: where it cannot be written no password changes, and one that does not open the database yet is put right at the next look.
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
