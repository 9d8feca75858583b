import files from "@fastify/static";
import type { FastifyInstance } from "fastify";
import fp from "fastify-plugin";
import { publicFolder } from "../paths";

/** The page's own files. */
export default fp(async function assets(server: FastifyInstance) {
  await server.register(files, {
    root: publicFolder,
    prefix: "/assets/",
    decorateReply: false,
    index: false,
    setHeaders: (reply) => void reply.header("cache-control", "public, max-age=300"),
  });
});
