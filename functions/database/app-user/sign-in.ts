/** How the master of a database signs in. */
export interface MasterPorts<Connection> {
  /** The secret that RDS maintains, read anew each time: RDS may change the password at any moment. */
  secret(): Promise<{ username: string; password: string }>;
  token(user: string): Promise<string>;
  connect(user: string, password: string): Promise<Connection>;
  wait(ms: number): Promise<void>;
}

/** A minute and a half: the subnet's route out and the database may both be as new as this function. */
const TRIES = 18;
const PAUSE_MS = 5_000;

const isRefused = (error: unknown) => ["28000", "28P01"].includes((error as { code?: string }).code ?? "");

/**
 * Signs in as the master, by the secret's password or by a token. PostgreSQL counts the creator of a role among its members, from 16 on also
 * in `pg_hba.conf`. If RDS reads that as PostgreSQL does, the master belongs to `rds_iam` once it has created the first user for it, and its
 * password no longer works.
 */
export async function signIn<Connection>(ports: MasterPorts<Connection>): Promise<Connection> {
  for (let tries = 1; ; tries += 1)
    try {
      const { username, password } = await ports.secret();
      return await ports.connect(username, password).catch(async (error: unknown) => {
        if (!isRefused(error)) throw error;
        return ports.connect(username, await ports.token(username));
      });
    } catch (error) {
      if (tries === TRIES) throw error;
      await ports.wait(PAUSE_MS);
    }
}
