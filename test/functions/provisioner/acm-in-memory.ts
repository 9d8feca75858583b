// ACM without AWS: it remembers what it was asked for, and issues what a test says.
import type {
  CertificateRequest,
  Certificates,
  CertificateState,
} from "../../../functions/provisioner/domains";

/** @param port gives each call a name, by which a test can break it */
export function acmInMemory(
  port: <A extends unknown[], R>(name: string, work: (...all: A) => R) => (...all: A) => Promise<R>,
) {
  const acm = {
    asked: [] as CertificateRequest[],
    removed: [] as string[],
    /** What there is, by ARN. */
    certificates: new Map<string, CertificateState>(),
    /** Those that something still answers by. */
    inUse: new Set<string>(),
    refusal: undefined as { refused: string } | undefined,
  };
  const ports: Certificates = {
    request: port("request", (request: CertificateRequest) => {
      if (acm.refusal) return acm.refusal;
      const arn = `arn:certificate/${acm.asked.push(request)}`;
      acm.certificates.set(arn, { state: "pending" });
      return { arn };
    }),
    read: port("certificate", (arn: string) => acm.certificates.get(arn)),
    remove: port("uncertify", (arn: string) => {
      if (acm.inUse.has(arn)) return "used" as const;
      acm.removed.push(arn);
      acm.certificates.delete(arn);
      return "gone" as const;
    }),
  };
  return Object.assign(acm, { ports });
}
