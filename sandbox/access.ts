import * as http from "node:http";

/** By which names a server may be asked. */
export interface Hosts {
  accepted: Pick<RegExp, "test">;
  says: string;
}

const OWN: Hosts = { accepted: /^(127\.0\.0\.1|localhost)(:\d+)?$/, says: "127.0.0.1 or localhost" };

/**
 * Why a request may not come in, or undefined: it was sent by a page that is not this server's own, or by a name that somebody else
 * lets lead here. The emulators' proxies have the same rule (emulators/access.py), and ask for a key besides.
 */
export function refusalOf(
  { host = "", origin, ...rest }: http.IncomingHttpHeaders,
  { accepted, says }: Hosts = OWN,
): string | undefined {
  if (!accepted.test(host)) return `the Host must be ${says}, got "${host}"`;
  // A page that tells nobody where it is sends its forms so; where from, the browser says in a header that no page can write.
  if (origin === "null" && rest["sec-fetch-site"] === "same-origin") return undefined;
  if (origin !== undefined)
    return origin === `http://${host}` ? undefined : `no page of "${origin}" may ask this sandbox`;
  if (rest["sec-fetch-site"] === "cross-site" && rest["sec-fetch-dest"] !== "document")
    return "no other site's page may ask this sandbox";
  return undefined;
}

/** A server's work for those who may come in. */
export function withAccessCheck(work: http.RequestListener): http.RequestListener {
  return (request, response) => {
    const reason = refusalOf(request.headers);
    if (!reason) return work(request, response);
    request.resume();
    response
      .writeHead(403, { "content-type": "text/plain; charset=utf-8", connection: "close" })
      .end(`The sandbox refuses this: ${reason}.\n`);
  };
}
