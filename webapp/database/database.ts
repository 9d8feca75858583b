import type { QueryResult, QueryResultRow } from "pg";
import type { CredentialSource } from "./credentials";
import { Endpoint, type EndpointOptions, type Statement } from "./endpoint";
import { DatabaseUnavailable, isMissingTable, isReset, isUnavailable } from "./errors";
import { migrate } from "./migrations";

export interface DatabaseOptions extends EndpointOptions {
  readHost?: string;
}

// While the read endpoint is down, reads go straight to the writer instead of waiting for it each time.
const READER_REST_MS = 10_000;

/** The database as the routes see it: rows, or DatabaseUnavailable, and no other failure to expect. */
export class Database {
  private readonly writer: Endpoint;
  private readonly reader?: Endpoint;
  private readerRestsUntil = 0;
  private isMigrated = false;
  private migrating?: Promise<void>;

  constructor(source: CredentialSource, { readHost, ...options }: DatabaseOptions) {
    this.writer = new Endpoint(source, options);
    if (readHost) this.reader = new Endpoint(source, { ...options, host: readHost });
  }

  /** Connects and updates the tables. Every statement runs this first, until it has succeeded once. */
  async ready(): Promise<void> {
    if (this.isMigrated) return;
    this.migrating ??= this.writer.using(async (client) => void (await migrate(client)));
    try {
      await this.migrating;
      this.isMigrated = true;
    } catch (error) {
      throw asUnavailable(error);
    } finally {
      this.migrating = undefined;
    }
  }

  /** Changes something. It is never repeated: a lost connection does not reveal whether the statement ran. */
  async write<Row extends QueryResultRow>(statement: Statement): Promise<QueryResult<Row>> {
    if (!this.isMigrated) await this.ready();
    return this.writer.query<Row>(statement).catch((error) => Promise.reject(asUnavailable(error)));
  }

  /** Reads from the read endpoint, which may lag behind, or from the writer if there is none or it is down. */
  async read<Row extends QueryResultRow>(statement: Statement): Promise<QueryResult<Row>> {
    if (!this.isMigrated) await this.ready();
    try {
      return (await this.readFromReader<Row>(statement)) ?? (await this.readFromWriter<Row>(statement));
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  /** Sends the writer an empty query, to find out whether requests would be served. */
  async check(): Promise<void> {
    await this.write({ name: "check", text: "SELECT 1" });
  }

  async close(): Promise<void> {
    await Promise.all([this.writer.close(), this.reader?.close()]);
  }

  private async readFromReader<Row extends QueryResultRow>(
    statement: Statement,
  ): Promise<QueryResult<Row> | undefined> {
    if (!this.reader || Date.now() < this.readerRestsUntil) return undefined;
    try {
      return await this.reader.query<Row>(statement);
    } catch (error) {
      // A replica that has not replayed the migration yet lacks the table.
      if (!isUnavailable(error) && !isMissingTable(error)) throw error;
      this.readerRestsUntil = Date.now() + READER_REST_MS;
      return undefined;
    }
  }

  private async readFromWriter<Row extends QueryResultRow>(statement: Statement): Promise<QueryResult<Row>> {
    try {
      return await this.writer.query<Row>(statement);
    } catch (error) {
      if (isReset(error)) return this.writer.query<Row>(statement);
      throw error;
    }
  }
}

const asUnavailable = (error: unknown): unknown =>
  isUnavailable(error) && !(error instanceof DatabaseUnavailable) ? new DatabaseUnavailable(error) : error;
