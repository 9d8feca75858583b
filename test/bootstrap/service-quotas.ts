// Service Quotas as its API reference has it, which neither emulator carries: an account's own values, and AWS's defaults.
import { awsCallOf, listen } from "../listener";

export interface ServiceQuotas {
  /** Leads the SDK's client here. */
  environment: Record<string, string>;
  /** The account's own values, by quota code. */
  own: Record<string, number>;
  /** Whether the caller may ask. */
  allowed: boolean;
  asked: string[];
  close(): Promise<void>;
}

const DEFAULT = 2_500;

export async function startServiceQuotas(): Promise<ServiceQuotas> {
  const server = await listen(async (request, response) => {
    const { target, body } = await awsCallOf(request);
    const { ServiceCode, QuotaCode } = JSON.parse(body) as Record<string, string>;
    const refuse = (type: string, message: string) =>
      response.writeHead(400).end(JSON.stringify({ __type: type, Message: message }));
    const tell = (Value: number) =>
      response.end(JSON.stringify({ Quota: { ServiceCode, QuotaCode, Value } }));
    response.setHeader("content-type", "application/x-amz-json-1.1");
    quotas.asked.push(`${target.split(".")[1]} ${ServiceCode} ${QuotaCode}`);
    if (!quotas.allowed)
      return refuse("AccessDeniedException", "is not authorized to perform: servicequotas:GetServiceQuota");
    const own = quotas.own[QuotaCode!];
    if (target.endsWith(".GetAWSDefaultServiceQuota")) return tell(DEFAULT);
    return own === undefined
      ? refuse("NoSuchResourceException", "The specified resource does not exist")
      : tell(own);
  });
  const quotas: ServiceQuotas = {
    environment: { AWS_ENDPOINT_URL_SERVICE_QUOTAS: server.url },
    own: {},
    allowed: true,
    asked: [],
    close: server.close,
  };
  return quotas;
}
