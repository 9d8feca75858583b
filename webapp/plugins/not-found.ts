import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { Refusal } from "../refusal";

/** Answers what no route takes: 405 with the allowed methods if the path exists, 404 otherwise. */
export default fp(async function notFound(server: FastifyInstance) {
  const methods = new Map<string, Set<string>>();
  server.addHook("onRoute", ({ url, method }) => {
    methods.set(url, new Set([...(methods.get(url) ?? []), ...[method].flat()]));
  });

  const refuse = ({ method, originalUrl }: FastifyRequest, reply: FastifyReply): Refusal => {
    const path = originalUrl.split("?", 1)[0]!;
    const allowed = [...methods].filter(([url]) => leadsTo(url, path)).flatMap(([, taken]) => [...taken]);
    const shown = path.slice(0, 200);
    // A route for this method did not find the requested thing, such as a file.
    if (allowed.length === 0 || allowed.includes(method))
      return new Refusal(404, `there is no ${method} ${shown} here`);
    const list = [...new Set(allowed)].sort().join(", ");
    reply.header("allow", list);
    return new Refusal(405, `${shown} takes ${list}, got ${method}`);
  };

  // Guessing paths counts too. The body is not parsed, so nothing can be wrong with it.
  const limited = server.rateLimit() as (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  server.addHook("onRequest", (request, reply, done) => {
    if (!request.is404) return done();
    void limited(request, reply).then(() => done(refuse(request, reply)), done);
  });
  server.setNotFoundHandler((request, reply) => {
    throw refuse(request, reply);
  });
});

/** Whether a route's URL matches a path: the router only tells whether it takes a method and a path together. */
function leadsTo(url: string, path: string): boolean {
  const [wanted, given] = [url.split("/"), path.split("/")];
  const fits = (part: string, at: number) => part === "*" || part === given[at] || part.startsWith(":");
  return wanted.every(fits) && (wanted.length === given.length || wanted.at(-1) === "*");
}
