// AWS's answer to the question whose account it is, which our commands ask before they hand over to Pulumi's.
import { once } from "node:events";
import * as http from "node:http";
import { AddressInfo } from "node:net";

export const ACCOUNT = "123456789012";

export interface Sts {
  /** What leads a program here, with credentials that it takes. */
  credentials: Record<string, string>;
  close(): void;
}

export async function startSts(): Promise<Sts> {
  const server = http.createServer((_request, response) => {
    response.setHeader("content-type", "text/xml");
    response.end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
        `<Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
    );
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    credentials: {
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    close: () => void server.close(),
  };
}
