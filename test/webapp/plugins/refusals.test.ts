import assert from "node:assert/strict";
import Fastify, { type FastifyInstance } from "fastify";
import { DatabaseUnavailable } from "../../../webapp/database/errors";
import { Busy } from "../../../webapp/load/primes";
import refusals from "../../../webapp/plugins/refusals";
import { Refusal } from "../../../webapp/refusal";

const schema = {
  body: {
    type: "object",
    required: ["name"],
    additionalProperties: false,
    properties: {
      name: { type: "string", maxLength: 200, description: "a name" },
      secret: { type: "string", maxLength: 3, description: "a secret", writeOnly: true },
      list: { type: "array", maxItems: 1, description: "a list of one" },
      plain: { type: "string" },
    },
  },
};

interface Line {
  level: number;
  msg: string;
  err?: { message: string };
  reason?: string;
}

/** A server with one route that throws, and one that has rules. */
async function serve(error?: unknown): Promise<{ app: FastifyInstance; lines: Line[] }> {
  const lines: Line[] = [];
  const app = Fastify({
    // Less than a warning are Fastify's own lines of each request.
    logger: { level: "warn", stream: { write: (line: string) => void lines.push(JSON.parse(line) as Line) } },
    bodyLimit: 1000,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, verbose: true } },
  });
  await app.register(refusals);
  app.get("/", () => {
    throw error;
  });
  app.post("/ruled", { schema }, () => "fine");
  app.post("/array", { schema: { body: { type: "array" } } }, () => "fine");
  return { app, lines };
}

async function answerTo(error: unknown) {
  const { app, lines } = await serve(error);
  const { statusCode, headers, body } = await app.inject("/");
  const { requestId, ...rest } = JSON.parse(body);
  assert.equal(typeof requestId, "string");
  assert.equal(rest.statusCode, statusCode);
  return { ...rest, retryAfter: headers["retry-after"], lines };
}

const withStatus = (statusCode: number | undefined, message = "of a plugin") =>
  Object.assign(new Error(message), { statusCode });

describe("an error", () => {
  it("is answered as its refusal says, without a log line", async () => {
    const answer = await answerTo(new Refusal(418, "no", { field: "pot", retryAfterSeconds: 9 }));
    assert.deepEqual(answer, {
      statusCode: 418,
      error: "I'm a Teapot",
      message: "no",
      field: "pot",
      retryAfter: "9",
      lines: [],
    });
  });

  it("is hidden from the caller if it is internal, and logged completely", async () => {
    for (const error of [
      new Error("secret inside"),
      withStatus(500, "secret inside"),
      withStatus(302, "secret inside"),
      withStatus(599, "secret inside"),
    ]) {
      const { lines, ...answer } = await answerTo(error);
      const message = "something went wrong on the server; its log has the details under this requestId";
      assert.deepEqual(answer, {
        statusCode: 500,
        error: "Internal Server Error",
        message,
        retryAfter: undefined,
      });
      assert.deepEqual(
        lines.map(({ level, msg, err }: Line) => [level, msg, err!.message]),
        [[50, message, "secret inside"]],
      );
    }
  });

  it("is passed on if the framework or a plugin refuses the request", async () => {
    for (const code of [400, 401, 499]) {
      const { statusCode, message, lines } = await answerTo(withStatus(code));
      assert.deepEqual([statusCode, message, lines], [code, "of a plugin", []]);
    }
  });

  it("asks for a moment's wait if the database is away: one line says why, without a stack trace", async () => {
    for (const [cause, reason] of [
      [Object.assign(new Error("refused"), { code: "ECONNREFUSED" }), "ECONNREFUSED refused"],
      [new Error("no code"), "no code"],
    ] as const) {
      const { lines, ...answer } = await answerTo(new DatabaseUnavailable(cause));
      const message = "the database is not available, try again in a moment";
      assert.deepEqual(answer, {
        statusCode: 503,
        error: "Service Unavailable",
        message,
        retryAfter: "2",
      });
      assert.deepEqual(
        lines.map(({ level, msg, reason: why, err }: Line) => [level, msg, why, err]),
        [[40, message, reason, undefined]],
      );
    }
  });

  it("asks for a shorter wait if every core is busy", async () => {
    const { statusCode, message, retryAfter, lines } = await answerTo(new Busy());
    assert.deepEqual(
      [statusCode, message, retryAfter, lines],
      [503, "every core is busy and the queue is full, try again in a moment", "1", []],
    );
  });
});

describe("a body that breaks a rule", () => {
  const post = async (body: unknown, url = "/ruled") => {
    const { app } = await serve();
    const response = await app.inject({ method: "POST", url, payload: body as object });
    const { message, field } = response.json();
    return [response.statusCode, field, message];
  };

  const known = "name, secret, list, plain";
  const CASES: [string, object, string, string][] = [
    ["lacks a field", {}, "name", "name is missing: it must be a name"],
    ["has one too many", { name: "a", other: 1 }, "other", `other is not known, accepted: ${known}`],
    [
      "has one too many, with an endless name",
      { name: "a", ["x".repeat(100)]: 1 },
      "x".repeat(80),
      `${"x".repeat(80)} is not known, accepted: ${known}`,
    ],
    ["is of another type", { name: 7 }, "name", "name must be a name, got 7"],
    ["is too long to repeat", { name: "é".repeat(201) }, "name", "name must be a name, got 201 characters"],
    [
      "is too long, and is no text",
      { name: "a", list: ["x".repeat(100), 2] },
      "list",
      "list must be a list of one, got something longer",
    ],
    ["is a secret", { name: "a", secret: "long" }, "secret", "secret must be a secret, got something else"],
    ["has a rule without words", { name: "a", plain: 1 }, "plain", "plain must be valid, got 1"],
  ];
  for (const [label, body, field, message] of CASES)
    it(`is refused with its field's name when it ${label}`, async () => {
      assert.deepEqual(await post(body), [400, field, message]);
    });

  it("is refused as a whole when it is something else", async () => {
    assert.deepEqual(await post({}, "/array"), [400, "body", "body must be valid, got {}"]);
  });

  it("is quoted up to 80 characters", async () => {
    const list = (length: number) => ({ name: "a", list: ["x".repeat(length), 2] });
    const text = (length: number) => JSON.stringify(["x".repeat(length), 2]);
    assert.equal(text(74).length, 80);
    assert.equal((await post(list(74)))[2], `list must be a list of one, got ${text(74)}`);
    assert.equal((await post(list(75)))[2], "list must be a list of one, got something longer");
  });
});

describe("a body that is no JSON", () => {
  const post = async (payload: string, type?: string) => {
    const { app } = await serve();
    const headers = type === undefined ? {} : { "content-type": type };
    const response = await app.inject({ method: "POST", url: "/ruled", payload, headers });
    const { message, field } = response.json();
    return [response.statusCode, field, message];
  };
  const must = "body must be JSON, sent as application/json, got";

  it("is refused with the type that it was sent as", async () => {
    assert.deepEqual(await post("a=1", "text/csv"), [400, "body", `${must} text/csv`]);
    assert.deepEqual(await post("a", `text/${"x".repeat(100)}`), [
      400,
      "body",
      `${must} text/${"x".repeat(75)}`,
    ]);
    assert.deepEqual(await post("{", "application/json; charset=utf-8"), [
      400,
      "body",
      `${must} something else`,
    ]);
    assert.deepEqual(await post("", "application/json"), [400, "body", `${must} something else`]);
  });

  it("is refused without a content type", async () => {
    const { app } = await serve();
    app.addHook("preParsing", async () => {
      throw Object.assign(new Error("x"), { code: "FST_ERR_CTP_INVALID_TYPE", statusCode: 415 });
    });
    const { statusCode, body } = await app.inject({ method: "POST", url: "/ruled" });
    assert.deepEqual([statusCode, JSON.parse(body).message], [400, `${must} something else`]);
  });

  it("is refused when it is too large", async () => {
    assert.deepEqual(await post(JSON.stringify({ name: "x".repeat(1000) }), "application/json"), [
      413,
      "body",
      "body must be at most 1 MB",
    ]);
  });
});
