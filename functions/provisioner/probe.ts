import * as http from "node:http";
import * as https from "node:https";
import { Visitors } from "./ports";

const SECONDS = 5;

/**
 * Asks a project's address as a browser would, once. The connection goes to the machine that the stack names, for the project's own
 * name, and nowhere else: no resolver is asked, which would remember for a while that a new name is none, and no redirect is
 * followed. Of the answer only its status is read.
 * @param base where projects answer in place of their own machines, as in the sandbox; the name asked for stays the same
 */
export const probeBy =
  (base = ""): Visitors["probe"] =>
  (url, at) =>
    new Promise((resolve) => {
      const asked = new URL(url);
      const place = base ? new URL(base) : asked;
      const request = (place.protocol === "https:" ? https : http).request({
        host: base ? place.hostname : at,
        port: place.port || undefined,
        servername: asked.hostname,
        path: `${asked.pathname}${asked.search}`,
        headers: { Host: asked.host, "User-Agent": "groundwork-health" },
        agent: false,
        signal: AbortSignal.timeout(SECONDS * 1_000),
      });
      const where = `${asked.origin}${asked.pathname}`;
      request.on("response", (response) => {
        const { statusCode = 0 } = response;
        response.destroy();
        resolve(statusCode >= 200 && statusCode < 400 ? undefined : `${where} answers ${statusCode}`);
      });
      request.on("error", (error: NodeJS.ErrnoException) => {
        const why = error.name === "AbortError" ? `within ${SECONDS} seconds` : (error.code ?? error.message);
        resolve(`${where} does not answer (${why})`);
      });
      request.end();
    });
