import assert from "node:assert/strict";
import { IdTokens } from "../../../webapp/console/id-tokens";
import type { Identity } from "../../../webapp/identity/identity";
import type { Session } from "../../../webapp/plugins/session";
import { Refusal } from "../../../webapp/refusal";

const NOW = 1_000_000_000;
const session = (id = "a") =>
  ({ id, person: { username: "ann" }, refreshToken: `refresh of ${id}` }) as Session;

/** People who give a new token each time, which ends so long after now; or fail. */
function rig({ lifeMs = 600_000, fails }: { lifeMs?: number; fails?: Error } = {}) {
  const asked: string[] = [];
  const identity = {
    people: {
      async refresh(username: string, token: string) {
        asked.push(`${username} by ${token}`);
        if (fails) throw fails;
        return { id: `token ${asked.length}` };
      },
    },
    verify: async () => ({ until: NOW + lifeMs }),
  } as unknown as Identity;
  return { identity, asked };
}

describe("the id tokens of sessions", () => {
  const clock = Date.now;
  before(() => void (Date.now = () => NOW));
  after(() => void (Date.now = clock));

  it("are requested once for each session", async () => {
    const { identity, asked } = rig();
    const tokens = new IdTokens();
    assert.equal(await tokens.of(session(), identity), "token 1");
    assert.equal(await tokens.of(session(), identity), "token 1");
    assert.equal(await tokens.of(session("b"), identity), "token 2");
    assert.deepEqual(asked, ["ann by refresh of a", "ann by refresh of b"]);
  });

  it("are renewed a minute before they expire", async () => {
    for (const [lifeMs, times] of [
      [60_000, 2],
      [60_001, 1],
    ] as const) {
      const { identity, asked } = rig({ lifeMs });
      const tokens = new IdTokens();
      await tokens.of(session(), identity);
      await tokens.of(session(), identity);
      assert.equal(asked.length, times);
    }
  });

  it("refuses a session that the pool has ended", async () => {
    const { identity } = rig({ fails: new Refusal(400, "gone") });
    await assert.rejects(new IdTokens().of(session(), identity), (refused: Refusal) => {
      assert.deepEqual(
        [refused.statusCode, refused.message],
        [401, "this session has ended: log in again, at /login"],
      );
      return true;
    });
  });

  it("pass on the pool's own error while it is out of order", async () => {
    for (const fails of [new Refusal(500, "down"), new Refusal(503, "down"), new Error("no network")])
      await assert.rejects(new IdTokens().of(session(), rig({ fails }).identity), fails);
  });

  it("are kept for a thousand sessions, dropping the oldest first", async () => {
    const { identity, asked } = rig();
    const tokens = new IdTokens();
    for (let i = 0; i < 1_000; i++) await tokens.of(session(`${i}`), identity);
    await tokens.of(session("0"), identity);
    assert.equal(asked.length, 1_000);
    await tokens.of(session("one more"), identity);
    await tokens.of(session("1"), identity);
    assert.equal(asked.length, 1_001);
    await tokens.of(session("0"), identity);
    assert.equal(asked.length, 1_002);
  });
});
