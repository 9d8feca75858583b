import { ask } from "../ask";
import { Broken, expectStatus, needs, Promised } from "../promised";

export const users: Promised = {
  name: "users are written and read",
  expected: "201 for a new user, then the user in the list, and 409 for the same one again",
  takes: { sandbox: 1, AWS: 2 },
  usd: 0,
  missing: needs("databaseEndpoint", "userPoolId"),
  async run({ stage: { url }, token, user, until }) {
    const added = await user();
    const authorization = `Bearer ${await token()}`;
    // A replica, if the stack reads from one, may lag a moment behind.
    const found = await until("The new user in the list", 30, async () => {
      const { json } = expectStatus("GET /users", await ask(`${url}/users`, { authorization }), 200);
      return (json as { username: string; email: string }[]).find((one) => one.username === added.username);
    });
    if (found.email !== added.email) throw new Broken(`the list has ${found.email} for ${added.email}`);
    const again = { method: "POST", authorization, body: added };
    expectStatus("The same user again", await ask(`${url}/users`, again), 409);
    return "201, then read back by name and address; 409 the second time";
  },
};
