import { strict as assert } from "node:assert";
import {
  fits,
  keepPassword,
  PasswordPorts,
  Secret,
  verifier,
} from "../../../../functions/database/agent/password";

const hour = 3_600_000;
const times = { changeMs: 30 * 24 * hour, formerMs: hour };

/** A database and a secret, whose calls can be made to fail. */
class World implements PasswordPorts {
  readonly known = new Map<string, string>([["app", verifier("first")]]);
  value: Secret = { username: "app", password: "first", host: "10.10.10.10", initialised: true };
  ageMs = 0;
  calls: string[] = [];
  failAt = Infinity;
  private made = 0;

  secret = async () => this.call("secret", () => ({ value: this.value, ageMs: this.ageMs }));
  random = async () => this.call("random", () => `password-${++this.made}`);
  kept = async (user: string) => this.call(`kept ${user}`, () => this.known.get(user));
  keep = async (user: string, kept: string | null) =>
    this.call(`keep ${user}`, () => void (kept ? this.known.set(user, kept) : this.known.delete(user)));
  store = async (value: Secret) =>
    this.call("store", () => {
      this.value = value;
      this.ageMs = 0;
    });

  opens({ username, password }: Secret): boolean {
    return fits(password, this.known.get(username) ?? "");
  }

  private call<T>(name: string, work: () => T): T {
    this.calls.push(name);
    if (this.calls.length === this.failAt) throw new Error(`${name} failed`);
    return work();
  }
}

describe("The database's password", () => {
  it("stays while it is young and opens the database", async () => {
    const world = new World();
    assert.equal(await keepPassword(world, times), "kept");
    assert.deepEqual(world.calls, ["secret", "kept app"]);
  });

  it("moves to the other user when it is old, and keeps everything else in the secret", async () => {
    const world = new World();
    world.ageMs = times.changeMs;
    const former = world.value;
    assert.equal(await keepPassword(world, times), "changed");
    const same = { host: "10.10.10.10", initialised: true };
    assert.deepEqual(world.value, { username: "app_b", password: "password-1", ...same });
    assert.deepEqual([world.opens(world.value), world.opens(former)], [true, true]);
  });

  it("records from the first check on that there is data", async () => {
    for (const now of [false, true]) {
      const world = new World();
      world.value = { username: "app", password: "first" };
      await keepPassword(world, times, now);
      assert.equal(world.value.initialised, true);
      assert.equal(world.opens(world.value), true);
    }
  });

  it("removes the former password an hour later", async () => {
    const world = new World();
    const former = world.value;
    await keepPassword(world, times, true);
    await keepPassword(world, times);
    assert.equal(world.opens(former), true);
    world.ageMs = hour;
    assert.equal(await keepPassword(world, times), "kept");
    assert.deepEqual([world.opens(former), world.opens(world.value)], [false, true]);
  });

  it("alternates between two users", async () => {
    const world = new World();
    const names: string[] = [];
    for (let i = 0; i < 4; i++) {
      await keepPassword(world, times, true);
      names.push(world.value.username);
      assert.equal(world.opens(world.value), true);
    }
    assert.deepEqual(names, ["app_b", "app", "app_b", "app"]);
  });

  it("replaces a secret that does not open the database, as after a restore", async () => {
    const world = new World();
    world.known.set("app", verifier("of last week"));
    assert.equal(await keepPassword(world, times), "changed");
    assert.equal(world.opens(world.value), true);
  });

  it("leaves a secret that opens the database, whichever step fails, and succeeds on the next try", async () => {
    for (let failAt = 1; failAt <= 5; failAt++) {
      const world = new World();
      world.ageMs = times.changeMs;
      world.failAt = failAt;
      await assert.rejects(keepPassword(world, times));
      assert.equal(world.opens(world.value), true, `after step ${failAt}`);
      world.failAt = Infinity;
      assert.equal(await keepPassword(world, times), "changed");
      assert.equal(world.opens(world.value), true);
    }
  });

  it("is stored as RFC 7677 specifies", () => {
    // The example of RFC 7677, section 3.
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    assert.equal(
      verifier("pencil", salt, 4096),
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
    assert.deepEqual(
      ["right", "wrong"].map((word) => fits(word, verifier("right"))),
      [true, false],
    );
    assert.equal(fits("right", "md5d41d8cd98f00b204e9800998ecf8427e"), false);
    const kept = verifier("right");
    for (const changed of [`x${kept}`, `${kept}x`, kept.slice(0, -1)])
      assert.equal(fits("right", changed), false);
  });
});
