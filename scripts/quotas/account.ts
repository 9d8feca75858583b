// An account's values of AWS's quotas in a region.
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { Quota } from "./quotas";

const WAIT_MS = 5_000;

/** How many of each the account may have. */
export type Ask = (quota: Quota) => Promise<number>;

export async function inAccount<T>(region: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const requestHandler = { requestTimeout: WAIT_MS, connectionTimeout: WAIT_MS, throwOnRequestTimeout: true };
  const client = new ServiceQuotasClient({ region, maxAttempts: 2, requestHandler });
  try {
    return await work((quota) => valueOf(client, quota));
  } finally {
    client.destroy();
  }
}

/** AWS stores an account's own value for some quotas only; for the others it returns the default. */
async function valueOf(client: ServiceQuotasClient, { what, code }: Quota): Promise<number> {
  const [ServiceCode, QuotaCode] = code!;
  const asked = { ServiceCode, QuotaCode };
  const { Quota } = await client.send(new GetServiceQuotaCommand(asked)).catch((error: Error) => {
    if (error.name !== "NoSuchResourceException") throw error;
    return client.send(new GetAWSDefaultServiceQuotaCommand(asked));
  });
  if (Quota?.Value === undefined)
    throw new Error(`AWS told no value of ${what} (${ServiceCode} ${QuotaCode})`);
  return Quota.Value;
}
