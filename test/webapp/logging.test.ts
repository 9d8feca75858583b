import assert from "node:assert/strict";
import { describeError } from "../../webapp/logging";
import { start, startWithDatabase } from "./helper";

describe("logs", () => {
  it("have one line for a refused request, without its query", async () => {
    const { app, lines } = await start();
    await app.inject({
      url: "/load?number=x&token=hush",
      headers: { authorization: "Bearer hush", cookie: "session=hush" },
    });
    const [{ time, milliseconds, reqId, ...line }, ...more] = lines as [Record<string, unknown>];
    assert.deepEqual(more, []);
    assert.deepEqual([typeof time, typeof milliseconds, typeof reqId], ["number", "number", "string"]);
    assert.deepEqual(line, {
      level: 30,
      instance: "web-1",
      method: "GET",
      path: "/load",
      statusCode: 400,
      address: "127.0.0.1",
      msg: "refused",
    });
  });

  it("have no line for a success, except at level debug", async () => {
    const quiet = await start();
    await quiet.app.inject("/");
    assert.deepEqual(quiet.lines, []);
    const debug = await start({ LOG_LEVEL: "debug" });
    await debug.app.inject("/");
    assert.deepEqual(
      debug.lines.map(({ msg }) => msg),
      ["answered"],
    );
  });

  it("carry the load balancer's trace id, which the refusal names too", async () => {
    const { app, lines } = await start();
    const id = "Root=1-67891233-abcdef012345678912345678";
    const response = await app.inject({ url: "/nowhere", headers: { "x-amzn-trace-id": id } });
    assert.equal(response.json().requestId, id);
    assert.equal(lines[0]!.reqId, id);
  });

  it("refuses an id that would break a log line, and makes its own", async () => {
    const { app } = await start();
    for (const id of ['"}\n{"level":60', "x".repeat(129), ""]) {
      const headers = { "x-request-id": Buffer.from(id).toString("latin1").replace(/\n/g, " ") };
      assert.match((await app.inject({ url: "/nowhere", headers })).json().requestId, /^[\w-]{8}-\w+$/);
    }
  });

  it("say what failed internally, while the answer does not", async () => {
    const { app, lines } = await startWithDatabase();
    await app.inject("/users");
    await app.database!.write({ text: "ALTER TABLE users RENAME COLUMN username TO renamed" });
    const response = await app.inject("/users");
    assert.equal(response.statusCode, 500);
    const { requestId, ...rest } = response.json();
    const message = "something went wrong on the server; its log has the details under this requestId";
    assert.deepEqual(rest, { statusCode: 500, error: "Internal Server Error", message });
    const logged = lines.find(({ level, err }) => level === 50 && err) as {
      reqId: string;
      err: { message: string; code: string };
    };
    assert.equal(logged.reqId, requestId);
    assert.deepEqual([logged.err.code, logged.err.message], ["42703", 'column "username" does not exist']);
  });

  it("leave out what PostgreSQL quotes from a user's row", () => {
    const error = Object.assign(new Error("duplicate key"), {
      code: "23505",
      detail: "Key (email)=(hush@example.com)",
      where: "hush",
    });
    const described = describeError(new Error("outer", { cause: error }));
    assert.ok(!JSON.stringify(described).includes("hush"));
    assert.equal((described.cause as { code: string }).code, "23505");
  });
});
