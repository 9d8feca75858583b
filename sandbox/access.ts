import * as http from "node:http";

/** The host names that a server accepts. */
export interface Hosts {
  accepted: Pick<RegExp, "test">;
  says: string;
}

const OWN: Hosts = { accepted: /^(127\.0\.0\.1|localhost)(:\d+)?$/, says: "127.0.0.1 or localhost" };

/**
 * Why a request is refused, or undefined: a page of another server sent it, or it came by a name that somebody else points here.
 * The emulators' proxies have the same rule (emulators/access.py), and require a key besides.
 */
export function refusalOf(
  { host = "", origin, ...rest }: http.IncomingHttpHeaders,
  { accepted, says }: Hosts = OWN,
): string | undefined {
  if (!accepted.test(host)) return `the Host must be ${says}, got "${host}"`;
  // A page that hides its origin sends its forms so; the browser then names the origin in a header that no page can write.
  if (origin === "null" && rest["sec-fetch-site"] === "same-origin") return undefined;
  if (origin !== undefined)
    return origin === `http://${host}` ? undefined : `no page of "${origin}" may ask this sandbox`;
  if (rest["sec-fetch-site"] === "cross-site" && rest["sec-fetch-dest"] !== "document")
    return "no other site's page may ask this sandbox";
  return undefined;
}

/** Restricts a server's handler to permitted requests. */
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
