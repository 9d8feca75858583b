import { X509Certificate } from "node:crypto";
import type { Secret } from "./password";

export interface DoorPorts {
  secret(): Promise<{ value: Secret }>;
  store(secret: Secret): Promise<void>;
  /** The certificate that PostgreSQL shows its clients, as PEM. */
  certificate(): Promise<string>;
}

/**
 * Holds what the secret says of the way in to what the database shows: a start makes another certificate when the virtual IP is
 * another one, or when the old one is about to end. The certificate names the address that it is good for.
 */
export async function keepDoor({ secret, store, certificate }: DoorPorts): Promise<void> {
  const { value } = await secret();
  const ca = await certificate();
  const host = addressOf(ca);
  if (value.ca === ca && value.host === host) return;
  await store({ ...value, host, ca });
}

/** The address that a certificate of a start is good for. */
export const addressOf = (ca: string) => /^CN=(.+)$/m.exec(new X509Certificate(ca).subject)?.[1];
