import { X509Certificate } from "node:crypto";
import type { Secret } from "./password";

export interface AdvertisedPorts {
  secret(): Promise<{ value: Secret }>;
  store(secret: Secret): Promise<void>;
  /** The certificate that PostgreSQL shows its clients, as PEM. */
  certificate(): Promise<string>;
}

/**
 * Keeps the secret's connection details in line with the certificate that the database presents. A start makes a new certificate
 * when the virtual IP has changed or the old certificate is about to expire. The certificate names the address it is valid for.
 */
export async function keepAdvertised({ secret, store, certificate }: AdvertisedPorts): Promise<void> {
  const { value } = await secret();
  const ca = await certificate();
  const host = addressOf(ca);
  if (value.ca === ca && value.host === host) return;
  await store({ ...value, host, ca });
}

/** The address that a start's certificate is valid for. */
export const addressOf = (ca: string) => /^CN=(.+)$/m.exec(new X509Certificate(ca).subject)?.[1];
