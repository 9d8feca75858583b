// One route in Fastify, with the plugins that ours has and the same headers: what there is to win by taking ours away.
const fastify = require("fastify");

const headers = JSON.parse(process.env.HEADERS);
const answer = { hostname: process.env.INSTANCE_NAME };

async function main() {
  const server = fastify({ trustProxy: 1 });
  let answered = 0;
  server.addHook("onRequest", (request, reply, done) => {
    reply.headers(headers);
    done();
  });
  server.addHook("onResponse", (request, reply, done) => {
    answered += reply.elapsedTime;
    done();
  });
  await server.register(require("@fastify/rate-limit"), { max: 600, timeWindow: "1 minute" });
  await server.register(require("@fastify/swagger"), {});
  await server.register(require("@fastify/static"), { root: __dirname, prefix: "/assets/" });
  await server.register(require("@fastify/formbody"));
  await server.register(require("@fastify/multipart"));
  const schema = {
    response: { 200: { type: "object", properties: { hostname: { type: "string" } } } },
  };
  server.get("/", { schema, config: { rateLimit: false } }, async () => answer);
  await server.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
}

main();
