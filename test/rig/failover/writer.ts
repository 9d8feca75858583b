import { readFileSync } from "node:fs";
import { Client } from "pg";

/**
 * The ledger: writes numbered rows through the virtual IP, one after the other, and says on stdout which ones PostgreSQL
 * acknowledged, when, and by which postmaster. A number is never tried twice, so every one is there once or was never acknowledged.
 */
const [host, secretFile, firstId, pauseMs] = process.argv.slice(2);
const limitMs = 300;

async function main(): Promise<void> {
  let id = Number(firstId);
  for (;;) {
    // The password may have been changed meanwhile.
    const { username, password, dbname, ca } = JSON.parse(readFileSync(secretFile!, "utf8")) as Record<
      string,
      string
    >;
    const client = new Client({
      host,
      port: 5432,
      user: username,
      password,
      database: dbname,
      ssl: ca ? { ca } : false,
      connectionTimeoutMillis: limitMs,
      query_timeout: limitMs,
    });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.query("CREATE TABLE IF NOT EXISTS ledger (id bigint NOT NULL)");
      const { rows } = await client.query(
        "SELECT current_setting('cluster_name') || ' ' || pg_postmaster_start_time() AS by",
      );
      for (;;) {
        const mine = id++;
        await client.query("INSERT INTO ledger VALUES ($1)", [mine]);
        process.stdout.write(`${JSON.stringify({ id: mine, at: monotonic(), by: rows[0].by })}\n`);
        await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
      }
    } catch {
      void client.end().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

void main();
