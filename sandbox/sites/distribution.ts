import { DistributionConfig, ResponseHeadersPolicyConfig } from "@aws-sdk/client-cloudfront";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";

/** A distribution as it was declared, with everything that it refers to. */
export interface Distribution {
  id: string;
  enabled: boolean;
  /** The names that it answers to, beside the one that CloudFront assigned. */
  aliases: string[];
  bucket: string;
  rootObject: string;
  errors: { code: number; answer: number; page: string }[];
  headers: Record<string, string>;
  /** The source of the function that changes each request, if there is one. */
  onRequest?: string;
}

/** The distribution with a domain that CloudFront assigned; undefined if there is none. */
export async function distributionOf(use: Use, domain: string): Promise<Distribution | undefined> {
  const cloudfront = await use("cloudfront");
  const all = await everyPage(
    (from) => cloudfront.listDistributions(from),
    (page) => page.DistributionList?.Items,
  );
  const found = all.find(({ DomainName }) => DomainName === domain);
  if (!found) return undefined;
  const { DistributionConfig: config } = await cloudfront.getDistributionConfig({ Id: found.Id });
  const behavior = config!.DefaultCacheBehavior!;
  const policy = behavior.ResponseHeadersPolicyId;
  const association = behavior.FunctionAssociations?.Items?.find(
    ({ EventType }) => EventType === "viewer-request",
  );
  return {
    id: found.Id!,
    enabled: config!.Enabled!,
    aliases: config!.Aliases?.Items ?? [],
    bucket: bucketOf(config!),
    rootObject: config!.DefaultRootObject ?? "",
    errors: (config!.CustomErrorResponses?.Items ?? []).map((one) => ({
      code: Number(one.ErrorCode),
      answer: Number(one.ResponseCode),
      page: one.ResponsePagePath!,
    })),
    headers: policy ? await headersOf(use, policy) : {},
    onRequest: association && (await sourceOf(use, association.FunctionARN!)),
  };
}

/** An origin is a bucket by its regional name. */
const bucketOf = ({ Origins }: DistributionConfig) => Origins!.Items![0]!.DomainName!.split(".s3.")[0]!;

async function sourceOf(use: Use, arn: string): Promise<string> {
  const cloudfront = await use("cloudfront");
  const { FunctionCode } = await cloudfront.getFunction({ Name: arn.split("/").at(-1), Stage: "LIVE" });
  return Buffer.from(FunctionCode!).toString();
}

async function headersOf(use: Use, Id: string): Promise<Record<string, string>> {
  const cloudfront = await use("cloudfront");
  const { ResponseHeadersPolicyConfig: config } = await cloudfront.getResponseHeadersPolicyConfig({ Id });
  return securityHeaders(config!);
}

/** The headers that a policy of ours declares. */
export function securityHeaders({
  SecurityHeadersConfig: given = {},
}: ResponseHeadersPolicyConfig): Record<string, string> {
  const { AccessControlMaxAgeSec: age, IncludeSubdomains } = given.StrictTransportSecurity ?? {};
  const all: Record<string, string | undefined> = {
    "x-content-type-options": given.ContentTypeOptions && "nosniff",
    "x-frame-options": given.FrameOptions?.FrameOption,
    "referrer-policy": given.ReferrerPolicy?.ReferrerPolicy,
    "content-security-policy": given.ContentSecurityPolicy?.ContentSecurityPolicy,
    "strict-transport-security":
      age === undefined ? undefined : `max-age=${age}${IncludeSubdomains ? "; includeSubDomains" : ""}`,
  };
  return Object.fromEntries(
    Object.entries(all).filter((one): one is [string, string] => one[1] !== undefined),
  );
}
