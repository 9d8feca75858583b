/** The database cannot answer now; the caller may try again after a moment. */
export class DatabaseUnavailable extends Error {
  constructor(cause: unknown) {
    super("the database is not available", { cause });
    this.name = "DatabaseUnavailable";
  }
}

const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? "";
const messageOf = (error: unknown): string => (error as Error | undefined)?.message ?? "";

const NETWORK = /^E(CONN|PIPE|TIMEDOUT|HOST|NET)/;
// The driver's own errors, without codes: the peer closed the connection, or did not answer in time.
const CLOSED = /^(Connection terminated|Client (was closed|has encountered a connection error))/;
const SILENT = "Query read timeout";
// https://www.postgresql.org/docs/current/errcodes-appendix.html: connection exceptions, and a server that is shutting
// down, has crashed or is starting. 25006: it became a standby, and the next connection finds its successor.
const GONE = /^(08|57P0|25006)/;
// Insufficient resources, statement timeout, lock timeout.
const OVERLOADED = /^(53|57014|55P03)/;

/** Whether the peer hung up, which shows at once. */
export const isReset = (error: unknown): boolean =>
  NETWORK.test(codeOf(error)) || GONE.test(codeOf(error)) || CLOSED.test(messageOf(error));

/** Whether the connection, and probably its siblings, no longer lead anywhere. */
export const isLost = (error: unknown): boolean => isReset(error) || messageOf(error) === SILENT;

/** Whether waiting may help, because the failure says nothing about the statement itself. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable || isLost(error) || OVERLOADED.test(codeOf(error));

export const isPasswordRefused = (error: unknown): boolean => ["28P01", "28000"].includes(codeOf(error));
export const isMissingTable = (error: unknown): boolean => codeOf(error) === "42P01";
