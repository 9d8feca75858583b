import { strict as assert } from "node:assert";
import { fillSecret } from "../../../../functions/database/agent/first-secret";
import { fits, Secret, verifier } from "../../../../functions/database/agent/password";
import { createAuthority } from "../../../webapp/certificates";

const { certificate } = createAuthority("10.10.10.10");

/** A database whose former secret names one of its users, and a secret that holds nothing. */
class World {
  readonly calls: string[] = [];
  readonly known = new Map<string, string>();
  value?: Secret;
  refuses = "";

  constructor(...withPassword: string[]) {
    for (const user of withPassword) this.known.set(user, verifier("former"));
  }

  certificate = async () => certificate;
  random = async () => "new";
  kept = async (user: string) => this.known.get(user);
  keep = async (user: string, kept: string) => {
    this.call("keep");
    this.known.set(user, kept);
  };
  store = async (value: Secret) => {
    this.call("store");
    this.value = value;
  };

  opens(user: string, password: string): boolean {
    return fits(password, this.known.get(user) ?? "");
  }

  private call(name: string): void {
    if (name === this.refuses) throw new Error(`${name} was refused`);
    this.calls.push(name);
  }
}

describe("A secret that the first start did not fill", () => {
  it("is filled with everything that clients need, for the user that the former one does not name", async () => {
    for (const [former, user] of [
      ["app", "app_b"],
      ["app_b", "app"],
    ] as const) {
      const world = new World(former);
      await fillSecret(world);
      const place = { host: "10.10.10.10", port: 5432, dbname: "app", engine: "postgres", ca: certificate };
      assert.deepEqual(world.value, { username: user, password: "new", ...place, initialised: true });
      assert.deepEqual([world.opens(user, "new"), world.opens(former, "former")], [true, true]);
    }
  });

  it("changes no password if it cannot be written", async () => {
    const world = new World("app", "app_b");
    world.refuses = "store";
    await assert.rejects(fillSecret(world), /store was refused/);
    assert.deepEqual([world.opens("app", "former"), world.opens("app_b", "former")], [true, true]);
  });
});
