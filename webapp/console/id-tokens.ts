import type { Identity } from "../identity/identity";
import type { Session } from "../plugins/session";
import { Refusal } from "../refusal";

const MAX_TOKENS = 1_000;
/** A token is renewed this long before it expires. */
const MARGIN_MS = 60_000;

/** Id tokens for sessions. A cookie has no room for one, so it comes from the refresh token and is kept while it is valid. */
export class IdTokens {
  private readonly kept = new Map<string, { token: string; until: number }>();

  async of(session: Session, { people, verify }: Identity): Promise<string> {
    const found = this.kept.get(session.id);
    if (found && found.until - MARGIN_MS > Date.now()) return found.token;
    this.kept.delete(session.id);
    const { id } = await people
      .refresh(session.person!.username, session.refreshToken!)
      .catch((error: unknown) => {
        throw error instanceof Refusal && error.statusCode < 500
          ? new Refusal(401, "this session has ended: log in again, at /login")
          : error;
      });
    this.kept.set(session.id, { token: id, until: (await verify(id)).until });
    if (this.kept.size > MAX_TOKENS) this.kept.delete(this.kept.keys().next().value!);
    return id;
  }
}
