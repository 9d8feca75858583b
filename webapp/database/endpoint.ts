import { isDeepStrictEqual } from "node:util";
import { Pool, type PoolClient, type QueryResult, type QueryResultRow } from "pg";
import type { CredentialSource, Credentials } from "./credentials";
import { DatabaseUnavailable, isLost, isPasswordRefused } from "./errors";
import type { TlsFor } from "./tls";

/** One statement; a name makes PostgreSQL plan it once per connection. */
export interface Statement {
  name?: string;
  text: string;
  values?: unknown[];
}

export interface EndpointOptions {
  tls: TlsFor;
  poolSize: number;
  /** The read endpoint, instead of the credentials' host. */
  host?: string;
  onLost?: (error: Error) => void;
}

// Together they detect within 3 s that the server vanished silently, during a statement or while connecting.
const CONNECT_MS = 1500;
const STATEMENT_MS = 2000;
const ANSWER_MS = 2500;
/** The database may have moved, or have a new certificate; during an outage this must not be fetched at every request. */
const LOOK_AGAIN_MS = 10_000;

/**
 * One address of the database: a pool that is replaced as a whole. It is replaced when a connection is lost, because after a
 * failover its idle siblings lead to the same dead server, and when the secret has another password, host or authority.
 */
export class Endpoint {
  private current?: Pool;
  private opening?: Promise<Pool>;
  private credentials?: Credentials;
  private token?: string;
  private looksAgainAt = 0;
  private readonly ending = new Set<Promise<void>>();

  constructor(
    private readonly source: CredentialSource,
    private readonly options: EndpointOptions,
  ) {}

  async query<Row extends QueryResultRow>(statement: Statement): Promise<QueryResult<Row>> {
    return this.using((client) => client.query<Row>(statement));
  }

  /** Lends a connection; one that was lost is never lent again. */
  async using<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    const { client, pool } = await this.connect();
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      const lost = isLost(error);
      client.release(lost);
      if (lost) this.retire(pool, error as Error);
      throw error;
    }
  }

  /** Waits until running statements have finished. */
  async close(): Promise<void> {
    const pool = this.current ?? (await this.opening?.catch(() => undefined));
    if (pool) this.retire(pool);
    await Promise.all(this.ending);
  }

  /** Nothing was sent yet, so any error here means that the database is down. */
  private async connect(): Promise<{ client: PoolClient; pool: Pool }> {
    try {
      return await this.connectOrRenew();
    } catch (error) {
      throw new DatabaseUnavailable(error);
    }
  }

  private async connectOrRenew(): Promise<{ client: PoolClient; pool: Pool }> {
    const pool = await this.open();
    try {
      return { client: await this.lend(pool), pool };
    } catch (error) {
      if (isPasswordRefused(error)) this.renew(pool);
      else if (this.current === pool) {
        this.lookAgain(pool);
        throw error;
      }
      const successor = await this.open();
      return { client: await this.lend(successor), pool: successor };
    }
  }

  /** A token is made before its connection: the driver leaves a connection open if its password could not be made. */
  private async lend(pool: Pool): Promise<PoolClient> {
    const { host, password } = this.credentials!;
    if (typeof password !== "string" && pool.idleCount === 0)
      this.token = await password(this.options.host ?? host);
    return pool.connect();
  }

  private async open(): Promise<Pool> {
    return this.current ?? (this.opening ??= this.start(this.source.current()));
  }

  private async start(credentials: Promise<Credentials>): Promise<Pool> {
    try {
      this.credentials = await credentials;
      return (this.current = this.poolFor(this.credentials));
    } finally {
      this.opening = undefined;
    }
  }

  /** Once for all callers that the same pool refused. */
  private renew(refused: Pool): void {
    if (this.current !== refused) return;
    this.retire(refused);
    this.opening = this.start(this.source.renew());
    // The next caller of open() sees the failure.
    this.opening.catch(() => undefined);
  }

  /** A refused caller gets the refusal at once; the next one connects with the secret's current content. */
  private lookAgain(unreachable: Pool): void {
    if (Date.now() < this.looksAgainAt) return;
    this.looksAgainAt = Date.now() + LOOK_AGAIN_MS;
    const moved = (found: Credentials) => {
      if (this.current !== unreachable || isDeepStrictEqual(found, this.credentials)) return;
      this.retire(unreachable);
      this.credentials = found;
      this.current = this.poolFor(found);
    };
    // If the read failed, it is tried again.
    this.source.renew().then(moved, () => undefined);
  }

  private poolFor({ ca, password, ...found }: Credentials): Pool {
    const pool = new Pool({
      ...found,
      host: this.options.host ?? found.host,
      password: typeof password === "string" ? password : () => this.token!,
      ssl: this.options.tls(ca),
      max: this.options.poolSize,
      application_name: "groundwork-web",
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: ANSWER_MS,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 1000,
      idleTimeoutMillis: 60_000,
    });
    pool.on("error", (error) => this.retire(pool, error));
    // A connection that breaks while it is lent out also reports it here. Its borrower sees it in the failed statement.
    pool.on("connect", (client) => client.on("error", () => undefined));
    return pool;
  }

  private retire(pool: Pool, error?: Error): void {
    if (this.current === pool) {
      this.current = undefined;
      if (error) this.options.onLost?.(error);
    }
    if (pool.ending) return;
    const ended = pool.end().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }
}
