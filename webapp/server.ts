import { build } from "./build";
import { ConfigError, readConfig } from "./config";

async function main(): Promise<void> {
  const config = readConfig();
  const server = build(config);

  const close = (signal: NodeJS.Signals): void => {
    server.log.info({ signal }, "closing");
    // A hanging shutdown must not outlive the load balancer's deregistration delay of 20 s.
    setTimeout(() => {
      server.log.error(`not closed after ${config.SHUTDOWN_SECONDS} s, exiting`);
      process.exit(1);
    }, config.SHUTDOWN_SECONDS * 1000).unref();
    void server.close().then(() => process.exit(0));
  };
  process.once("SIGTERM", close);
  process.once("SIGINT", close);

  await server.listen({ port: config.PORT, host: config.HOST });
  // Not a precondition of the start: without a database, the page, /load and /health still serve.
  server.database
    ?.ready()
    .catch((error: Error) => server.log.warn({ err: error }, "the database is not available yet"));
}

main().catch((error: Error) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : error.stack}\n`);
  process.exit(1);
});
