import {
  ACMClient,
  CertificateDetail,
  DeleteCertificateCommand,
  DescribeCertificateCommand,
  RequestCertificateCommand,
} from "@aws-sdk/client-acm";
import { named } from "../../shared/is-named";
import { CLOUDFRONT_REGION } from "../cloudfront-region";
import type { Certificates, CertificateState } from "../domains";
import type { DnsRecord } from "../project";

/** Errors that a retry would not change. */
const REFUSALS = [
  "LimitExceededException",
  "InvalidParameterException",
  "InvalidDomainValidationOptionsException",
];

/** ACM's reasons for not issuing a certificate, in words for those who can fix it. */
const REASONS: Record<string, string> = {
  CAA_ERROR: "The CAA records of its zone do not let Amazon issue certificates.",
  DOMAIN_NOT_ALLOWED: "ACM issues no certificate for this name.",
  INVALID_PUBLIC_DOMAIN: "It is not below a public domain.",
};

export function certificatesIn(clientOf: (region?: string) => ACMClient): Certificates {
  const at = (arn: string) => clientOf(arn.split(":")[3]);
  return {
    request: async ({ forCloudFront, domain, also, token, tags }) => {
      try {
        const { CertificateArn } = await clientOf(forCloudFront ? CLOUDFRONT_REGION : undefined).send(
          new RequestCertificateCommand({
            DomainName: domain,
            ...(also.length > 0 && { SubjectAlternativeNames: also }),
            ValidationMethod: "DNS",
            IdempotencyToken: token,
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        );
        return { arn: CertificateArn! };
      } catch (error) {
        if (!REFUSALS.includes((error as Error).name)) throw error;
        return { refused: `ACM refuses its certificate: ${(error as Error).message}` };
      }
    },
    read: async (arn, domain) => {
      try {
        const { Certificate } = await at(arn).send(new DescribeCertificateCommand({ CertificateArn: arn }));
        return stateOf(Certificate!, domain);
      } catch (error) {
        if (named(error, "ResourceNotFoundException")) return undefined;
        throw error;
      }
    },
    remove: async (arn) => {
      try {
        await at(arn).send(new DeleteCertificateCommand({ CertificateArn: arn }));
      } catch (error) {
        if (named(error, "ResourceInUseException")) return "used";
        if (!named(error, "ResourceNotFoundException")) throw error;
      }
      return "gone";
    },
  };
}

function stateOf(certificate: CertificateDetail, domain: string): CertificateState {
  const { Status, FailureReason, RenewalSummary, NotAfter } = certificate;
  const record = recordIn(certificate, domain);
  if (Status === "PENDING_VALIDATION") return { state: "pending", record };
  if (Status !== "ISSUED")
    return {
      state: "failed",
      reason: REASONS[FailureReason ?? ""] ?? `ACM says ${FailureReason ?? Status}.`,
    };
  const renewing = ["PENDING_VALIDATION", "FAILED"].includes(RenewalSummary?.RenewalStatus ?? "");
  return { state: "issued", record, ...(renewing && NotAfter && { lapses: NotAfter.toISOString() }) };
}

function recordIn(
  { DomainValidationOptions = [] }: CertificateDetail,
  domain: string,
): DnsRecord | undefined {
  const { Name, Value } =
    DomainValidationOptions.find(({ DomainName }) => DomainName === domain)?.ResourceRecord ?? {};
  const bare = (name: string) => name.replace(/\.$/, "");
  return Name && Value ? { name: bare(Name), type: "CNAME", value: bare(Value) } : undefined;
}
