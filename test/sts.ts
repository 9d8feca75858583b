// AWS's answer to the question whose account it is, which our commands ask before they hand over to Pulumi's.
import { listen } from "./listener";

export const ACCOUNT = "123456789012";

export interface Sts {
  /** What leads a program here, with credentials that it takes. */
  credentials: Record<string, string>;
  close(): Promise<void>;
}

export async function startSts(): Promise<Sts> {
  const { url, close } = await listen((_request, response) => {
    response.setHeader("content-type", "text/xml");
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
        `<Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
  return {
    credentials: {
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL_STS: url,
    },
    close,
  };
}
