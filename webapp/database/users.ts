import type { Database } from "./database";
import { brokenUniqueness } from "./errors";
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

const UNIQUE: Record<string, keyof NewUser> = {
  users_username_unique: "username",
  users_email_unique: "email",
};
const NO_END = 2 ** 31 - 1;

/** The users table. */
export class Users {
  private readonly list = shareReads((key) => this.read(key));

  constructor(private readonly database: Database) {}

  /** Adds a user; answers the field that another user already has, or nothing. */
  async add({ username, email }: NewUser): Promise<keyof NewUser | undefined> {
    try {
      await this.database.write({
        name: "add-user",
        text: "INSERT INTO users (username, email) VALUES ($1, $2)",
        values: [username, email],
      });
      return undefined;
    } catch (error) {
      const field = UNIQUE[brokenUniqueness(error) ?? ""];
      if (field) return field;
      throw error;
    }
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
