// X.509 certificates for tests, written out in DER: Node.js reads certificates and makes none, and openssl is not everywhere.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIPv4 } from "node:net";

export interface Authority {
  certificate: string;
  /** A server certificate for these names and IPv4 addresses, with its key. */
  issue(hosts: string[]): { certificate: string; key: string };
}

const tlv = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: Buffer[]): Buffer => tlv(0x30, ...parts);
const bits = (content: Buffer): Buffer => tlv(0x03, Buffer.from([0]), content);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, "hex"));
const time = (date: Date): Buffer =>
  tlv(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
const name = (text: string): Buffer =>
  sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(text)))));
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), tlv(0x04, value));

const ECDSA_SHA256 = sequence(oid("2a8648ce3d040302"));
const CERTIFICATE_AUTHORITY = extension("551d13", sequence(tlv(0x01, Buffer.from([0xff]))));
const alternativeName = (host: string): Buffer =>
  isIPv4(host) ? tlv(0x87, Buffer.from(host.split(".").map(Number))) : tlv(0x82, Buffer.from(host));
const alternativeNames = (hosts: string[]): Buffer =>
  extension("551d11", sequence(...hosts.map(alternativeName)));

const DAY_MS = 24 * 60 * 60 * 1000;
const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

export function createAuthority(commonName = "Groundwork test authority"): Authority {
  const keys = newKeys();
  const issue = (subject: string, publicKey: KeyObject, extensions: Buffer): string => {
    const content = sequence(
      tlv(0xa0, tlv(0x02, Buffer.from([2]))),
      tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      ECDSA_SHA256,
      name(commonName),
      sequence(time(new Date(Date.now() - DAY_MS)), time(new Date(Date.now() + DAY_MS))),
      name(subject),
      publicKey.export({ type: "spki", format: "der" }),
      tlv(0xa3, sequence(extensions)),
    );
    const signed = sequence(content, ECDSA_SHA256, bits(sign("sha256", content, keys.privateKey)));
    return `-----BEGIN CERTIFICATE-----\n${signed.toString("base64").replace(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`;
  };
  return {
    certificate: issue(commonName, keys.publicKey, CERTIFICATE_AUTHORITY),
    issue: (hosts) => {
      const server = newKeys();
      return {
        certificate: issue("database", server.publicKey, alternativeNames(hosts)),
        key: server.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}
