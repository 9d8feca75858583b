import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { must, problemsOf, refuse } from "../../../components/shared/refusals";

/** What is told of a value that a schema refuses. */
const told = (schema: z.ZodType, value: unknown, prefix?: string) =>
  problemsOf(schema.safeParse(value).error!, value, prefix).map(({ reason }) => reason);

describe("a refusal", () => {
  it("does not happen if everything is valid", () => {
    assert.deepEqual(must(true, "a", "even", 3), []);
    refuse("Thing", "mine", []);
  });

  it("names the component, each argument, its rule and what it got", () => {
    const problems = [...must(false, "a", "even", 3), ...must(false, "b.c", "odd", 2)];
    assert.throws(
      () => refuse("Thing", "mine", problems),
      (error: pulumi.InputPropertiesError) => {
        assert.equal(pulumi.InputPropertiesError.isInstance(error), true);
        assert.equal(error.message, 'Thing "mine": a must be even, got 3; b.c must be odd, got 2');
        assert.deepEqual(error.errors, [
          { propertyPath: "a", reason: "a must be even, got 3" },
          { propertyPath: "b.c", reason: "b.c must be odd, got 2" },
        ]);
        return true;
      },
    );
  });

  const values: [value: unknown, text: string][] = [
    [undefined, "nothing"],
    [null, "null"],
    ["a text", '"a text"'],
    [["x"], '["x"]'],
    [() => 1, "() => 1"],
  ];
  for (const [value, text] of values)
    it(`shows ${text} as what it got`, () => {
      assert.deepEqual(must(false, "a", "other", value), [
        { path: "a", reason: `a must be other, got ${text}` },
      ]);
    });
});

describe("a schema's refusals, in words for a person", () => {
  const cases: [what: string, schema: z.ZodType, value: unknown, reasons: string[]][] = [
    ["a choice", z.object({ a: z.enum(["x", "y"]) }), { a: "z" }, ['a must be one of x, y, got "z"']],
    [
      "a choice of kinds",
      z.object({ a: z.union([z.literal("x"), z.literal(["y", "z"])]) }),
      { a: 1 },
      ["a must be one of x, y, z, got 1"],
    ],
    ["a type", z.object({ a: z.boolean() }), { a: "yes" }, ['a must be of type boolean, got "yes"']],
    ["what is missing", z.object({ a: z.string() }), {}, ["a must be of type string, got nothing"]],
    [
      "a type with a rule of ours",
      z.object({ a: z.number("a number of days") }),
      {},
      ["a must be a number of days, got nothing"],
    ],
    [
      "a short list",
      z.object({ a: z.array(z.string()).min(2) }),
      { a: ["x"] },
      ['a must be a list of at least 2, got ["x"]'],
    ],
    [
      "a small number",
      z.object({ a: z.number().min(2, "2 or more") }),
      { a: 1 },
      ["a must be 2 or more, got 1"],
    ],
    [
      "a form with a rule of ours",
      z.object({ a: z.url({ protocol: /^https$/, error: "an https:// address" }) }),
      { a: "http://here" },
      ['a must be an https:// address, got "http://here"'],
    ],
    [
      "how a text begins",
      z.object({ a: z.string().startsWith("vpc-", "a VPC's id") }),
      { a: "net" },
      ['a must be a VPC\'s id, got "net"'],
    ],
    ["a form", z.object({ a: z.ipv4() }), { a: "here" }, ['a must be a valid ipv4, got "here"']],
    [
      "a rule",
      z.object({ a: z.string().refine(() => false, "true") }),
      { a: "x" },
      ['a must be true, got "x"'],
    ],
    [
      "keys of nobody",
      z.strictObject({ a: z.strictObject({}) }),
      { a: { b: 1, c: 2 } },
      ["a.b is not a setting", "a.c is not a setting"],
    ],
    [
      "the entry of a list",
      z.object({ a: z.array(z.string()) }),
      { a: ["x", 1] },
      ["a.1 must be of type string, got 1"],
    ],
  ];
  for (const [what, schema, value, reasons] of cases)
    it(`report ${what}`, () => {
      assert.deepEqual(told(schema, value), reasons);
    });

  it("report once what two checks say about one value, and everything that they say about two", () => {
    const small = z
      .number()
      .min(2, "2 or more")
      .refine((n) => n > 1, "2 or more");
    assert.deepEqual(told(z.object({ a: small, b: small }), { a: 1, b: 1 }), [
      "a must be 2 or more, got 1",
      "b must be 2 or more, got 1",
    ]);
  });

  it("have a prefix before each path", () => {
    const schema = z.strictObject({ a: z.string() });
    assert.deepEqual(told(schema, { b: 1 }, "web."), [
      "web.a must be of type string, got nothing",
      "web.b is not a setting",
    ]);
    assert.deepEqual(
      problemsOf(schema.safeParse({}).error!, {}, "web.").map(({ path }) => path),
      ["web.a"],
    );
  });
});
