module.exports = ({ env }) => ({
  host: "0.0.0.0",
  port: env.int("PORT", 1337),
  url: env("PROJECT_URL"),
  // A load balancer stands before the servers, except in dev.
  proxy: { koa: true },
  app: { keys: env.array("APP_KEYS") },
});
