import assert from "node:assert/strict";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { sharedPostgres } from "../postgres";
import { freshDatabase, start, startWithDatabase } from "./helper";

const add = (app: FastifyInstance, payload: unknown, headers: Record<string, string> = {}) =>
  app.inject({
    method: "POST",
    url: "/users",
    headers: { "content-type": "application/json", ...headers },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });

const user = (name: string) => ({ username: name, email: `${name}@example.com` });

describe("users", () => {
  it("adds a user and lists it", async () => {
    const { app } = await startWithDatabase();
    const added = await add(app, { username: "demo", email: "demo@example.com" });
    assert.equal(added.statusCode, 201);
    assert.deepEqual(added.json(), { message: "user [demo] added successfully" });
    const listed = await app.inject("/users");
    assert.equal(listed.statusCode, 200);
    assert.deepEqual(listed.json(), [{ email: "demo@example.com", id: 1, username: "demo" }]);
  });

  it("lists no users in a new database", async () => {
    const { app } = await startWithDatabase();
    assert.deepEqual((await app.inject("/users")).json(), []);
  });

  it("lists the newest first, page by page", async () => {
    const { app } = await startWithDatabase();
    for (const name of ["a", "b", "c", "d", "e"]) await add(app, user(name));
    const pages: string[][] = [];
    for (let url: string | undefined = "/users?limit=2"; url;) {
      const response: LightMyRequestResponse = await app.inject(url);
      pages.push(response.json().map(({ username }: { username: string }) => username));
      url = /<(.+)>; rel="next"/.exec(String(response.headers.link ?? ""))?.[1];
    }
    assert.deepEqual(pages, [["e", "d"], ["c", "b"], ["a"]]);
  });

  it("limits a list without a limit to 100", async () => {
    const { app } = await startWithDatabase();
    await Promise.all(Array.from({ length: 101 }, (_, index) => add(app, user(`u${index}`))));
    const response = await app.inject("/users");
    assert.equal(response.json().length, 100);
    assert.equal((await app.inject("/users?limit=500")).json().length, 101);
  });

  it("accepts names in any script, up to 80 characters", async () => {
    const { app } = await startWithDatabase();
    const letters = [..."łódź 🎉 ", ...Array<string>(74).fill("é")];
    const [tooLong, fitting] = [letters.join(""), letters.slice(1).join("")];
    assert.equal([...fitting].length, 80);
    assert.equal((await add(app, { username: tooLong, email: "a@example.com" })).statusCode, 400);
    assert.equal((await add(app, { username: fitting, email: "a@example.com" })).statusCode, 201);
    assert.equal((await app.inject("/users")).json()[0].username, fitting);
  });

  it("keeps quotes, angle brackets and SQL as text", async () => {
    const { app } = await startWithDatabase();
    const username = `'); DROP TABLE users; --<script>alert("1")</script>`;
    assert.equal((await add(app, { username, email: "b@example.com" })).statusCode, 201);
    assert.equal((await app.inject("/users")).json()[0].username, username);
  });

  it("shows each user to everyone who asks after it was added, however many ask at once", async () => {
    const { app } = await startWithDatabase();
    const checks = Array.from({ length: 40 }, async (_, index) => {
      await add(app, user(`u${index}`));
      const listed = (await app.inject("/users?limit=500")).json() as { username: string }[];
      return listed.some(({ username }) => username === `u${index}`);
    });
    assert.deepEqual(new Set(await Promise.all(checks)), new Set([true]));
  });

  it("refuses every invisible or direction-changing character, and no other", async () => {
    const { app } = await start();
    const { paths } = (await app.inject("/documentation/json")).json();
    const { schema } = paths["/users"].post.requestBody.content["application/json"];
    const pattern = new RegExp(schema.properties.username.pattern, "u");
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      // Halves of characters do not come by UTF-8, and are refused beside the pattern.
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const character = String.fromCodePoint(code);
      if (pattern.test(`a${character}`) === /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character))
        wrong.push(code.toString(16));
      if (pattern.test(character) === /[\p{Cc}\p{Cf}\p{Z}]/u.test(character)) wrong.push(code.toString(16));
    }
    assert.deepEqual(wrong, []);
  });

  describe("refusals", () => {
    let app: FastifyInstance;
    let environment: Record<string, string>;
    before(async () => {
      environment = await freshDatabase();
    });
    beforeEach(async () => {
      ({ app } = await start(environment));
    });

    const body: [string, unknown, string, string][] = [
      [
        "no username",
        { email: "a@example.com" },
        "username",
        "username is missing: it must be 1 to 80 printable characters",
      ],
      [
        "no e-mail",
        { username: "a" },
        "email",
        "email is missing: it must be an e-mail address of at most 120 characters",
      ],
      [
        "an empty username",
        { username: "", email: "a@example.com" },
        "username",
        'username must be 1 to 80 printable characters, got ""',
      ],
      [
        "a blank username",
        { username: " \u00a0", email: "a@example.com" },
        "username",
        'username must be 1 to 80 printable characters, got " \u00a0"',
      ],
      [
        "a NUL in the username",
        { username: "a\0b", email: "a@example.com" },
        "username",
        'username must be 1 to 80 printable characters, got "a\\u0000b"',
      ],
      ...["\ud800", "a\u202eb", "a\u200bb", "\ufeff", "a\u2066b", "a\u2028b"].map(
        (username): [string, unknown, string, string] => [
          `the username ${JSON.stringify(username)}`,
          { username, email: "a@example.com" },
          "username",
          `username must be 1 to 80 printable characters, got ${JSON.stringify(username)}`,
        ],
      ),
      [
        "a username of 81",
        { username: "x".repeat(81), email: "a@example.com" },
        "username",
        "username must be 1 to 80 printable characters, got 81 characters",
      ],
      [
        "a number as username",
        { username: 1, email: "a@example.com" },
        "username",
        "username must be 1 to 80 printable characters, got 1",
      ],
      [
        "null as e-mail",
        { username: "a", email: null },
        "email",
        "email must be an e-mail address of at most 120 characters, got null",
      ],
      [
        "no e-mail address",
        { username: "a", email: "nowhere" },
        "email",
        'email must be an e-mail address of at most 120 characters, got "nowhere"',
      ],
      [
        "an e-mail of 121",
        { username: "a", email: `${"x".repeat(109)}@example.com` },
        "email",
        "email must be an e-mail address of at most 120 characters, got 121 characters",
      ],
      ["a field of its own", { ...user("a"), id: 7 }, "id", "id is not known, accepted: username, email"],
      [
        "a list",
        [user("a")],
        "body",
        'body must be a JSON object with username and email, got [{"username":"a","email":"a@example.com"}]',
      ],
      [
        "broken JSON",
        '{"username": "a", ',
        "body",
        "body must be JSON, sent as application/json, got something else",
      ],
      ["nothing", "", "body", "body must be JSON, sent as application/json, got something else"],
      [
        "a poisoned prototype",
        '{"__proto__": {"x": 1}}',
        "body",
        "body must be JSON, sent as application/json, got something else",
      ],
    ];
    for (const [what, payload, field, message] of body) {
      it(`refuses ${what}`, async () => {
        const response = await add(app, payload);
        const { requestId: _, ...rest } = response.json();
        assert.deepEqual(rest, { statusCode: 400, error: "Bad Request", message, field });
      });
    }

    it("refuses a form", async () => {
      const response = await add(app, "username=a&email=a@example.com", {
        "content-type": "application/x-www-form-urlencoded",
      });
      assert.equal(response.statusCode, 400);
      assert.equal(
        response.json().message,
        "body must be JSON, sent as application/json, got application/x-www-form-urlencoded",
      );
    });

    it("refuses a body over 1 MB", async () => {
      const response = await add(app, { username: "x".repeat(1024 * 1024), email: "a@example.com" });
      assert.equal(response.statusCode, 413);
      assert.equal(response.json().field, "body");
    });

    for (const field of ["username", "email"] as const) {
      it(`refuses a second user of the same ${field}`, async () => {
        await add(app, { username: "first", email: "first@example.com" });
        const second = {
          username: "second",
          email: "second@example.com",
          [field]: field === "email" ? "first@example.com" : "first",
        };
        const response = await add(app, second);
        const { requestId: _, ...rest } = response.json();
        const message = `${field} is already taken by another user`;
        assert.deepEqual(rest, { statusCode: 409, error: "Conflict", message, field });
      });
    }

    it("leaves no refused name or address in the database's log", async () => {
      const one = { username: "kept-quiet", email: "kept-quiet@example.com" };
      for (const status of [201, 409]) assert.equal((await add(app, one)).statusCode, status);
      assert.doesNotMatch((await sharedPostgres()).log, /kept-quiet/);
    });

    it("refuses a second user whose e-mail differs by case only", async () => {
      await add(app, { username: "lower", email: "case@example.com" });
      const response = await add(app, { username: "upper", email: "Case@Example.com" });
      assert.deepEqual([response.statusCode, response.json().field], [409, "email"]);
    });

    for (const query of [
      "limit=0",
      "limit=501",
      "limit=x",
      "limit=-1",
      "limit=1&limit=2",
      "after=0",
      "after=1e3",
    ]) {
      it(`refuses a list by ${query}`, async () => {
        const response = await app.inject(`/users?${query}`);
        assert.equal(response.statusCode, 400);
        assert.equal(response.json().field, query.split("=")[0]);
      });
    }

    it("refuses every request if no database is configured", async () => {
      const { app: bare } = await start();
      for (const response of [await bare.inject("/users"), await add(bare, user("a"))]) {
        assert.equal(response.statusCode, 503);
        assert.equal(response.json().message, "no database is configured: set DATABASE_SECRET_ARN");
      }
    });
  });
});
