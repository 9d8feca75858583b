import * as vm from "node:vm";
import { Use } from "../engine/clients";
import { Distribution } from "./distribution";

export interface SiteAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** CloudFront's time limit for a function. */
const FUNCTION_MS = 100;

/** Answers as CloudFront does for this distribution: with its function, bucket, error pages and headers. */
export async function serve(use: Use, distribution: Distribution, uri: string): Promise<SiteAnswer> {
  const { rootObject, onRequest, headers } = distribution;
  const asked = uri === "/" ? `/${rootObject}` : uri;
  const found = await fetchObject(use, distribution, onRequest ? changed(onRequest, asked) : asked);
  const answer = found.status === 200 ? found : await errorPage(use, distribution, found);
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The request's address after the distribution's own function. The function is the program's, not a team's, and gets nothing but the request. */
function changed(source: string, uri: string): string {
  const context = vm.createContext({ uri });
  const call = `${source}\nString(handler({ request: { uri, method: "GET", headers: {}, querystring: {} } }).uri)`;
  return vm.runInContext(call, context, { timeout: FUNCTION_MS }) as string;
}

async function errorPage(use: Use, distribution: Distribution, found: SiteAnswer): Promise<SiteAnswer> {
  const rule = distribution.errors.find(({ code }) => code === found.status);
  if (!rule) return found;
  const page = await fetchObject(use, distribution, rule.page);
  return page.status === 200 ? { ...page, status: rule.answer } : found;
}

async function fetchObject(use: Use, { bucket }: Distribution, uri: string): Promise<SiteAnswer> {
  const s3 = await use("s3");
  try {
    const Key = decodeURIComponent(uri.slice(1));
    const { Body, ContentType, ETag, CacheControl } = await s3.getObject({ Bucket: bucket, Key });
    return {
      status: 200,
      headers: {
        "content-type": ContentType ?? "binary/octet-stream",
        ...(ETag && { etag: ETag }),
        ...(CacheControl && { "cache-control": CacheControl }),
      },
      body: Buffer.from(await Body!.transformToByteArray()),
    };
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    // A private bucket does not reveal what it lacks.
    if (name === "NoSuchKey" || error instanceof URIError || !uri.slice(1)) return denied();
    throw error;
  }
}

const denied = (): SiteAnswer => ({
  status: 403,
  headers: { "content-type": "application/xml" },
  body: Buffer.from("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"),
});
