import type { Database } from "./database";
import { shareReads } from "./shared-read";

export interface User {
  email: string;
  id: number;
  username: string;
}

export type NewUser = Omit<User, "id">;

export interface Page {
  limit: number;
  /** Only users older than this id. */
  after?: number;
}

const NO_END = 2 ** 31 - 1;

/** The users table. */
export class Users {
  private readonly list = shareReads((key) => this.read(key));

  constructor(private readonly database: Database) {}

  /** Adds a user; returns the field that another user already has, or nothing. */
  async add({ username, email }: NewUser): Promise<keyof NewUser | undefined> {
    // Not by letting the database refuse: it would log the duplicate's details, including the address.
    const { rowCount } = await this.database.write({
      name: "add-user",
      text: "INSERT INTO users (username, email) VALUES ($1, $2) ON CONFLICT DO NOTHING",
      values: [username, email],
    });
    if (rowCount) return undefined;
    const { rows } = await this.database.write({
      name: "username-taken",
      text: "SELECT FROM users WHERE username = $1",
      values: [username],
    });
    return rows.length > 0 ? "username" : "email";
  }

  /** The newest first. */
  newest({ limit, after = NO_END }: Page): Promise<User[]> {
    return this.list(`${limit} ${after}`);
  }

  private async read(key: string): Promise<User[]> {
    const { rows } = await this.database.read<User>({
      name: "newest-users",
      text: "SELECT email, id, username FROM users WHERE id < $2 ORDER BY id DESC LIMIT $1",
      values: key.split(" "),
    });
    return rows;
  }
}
