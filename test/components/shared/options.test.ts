import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { fill, options, schemaOf, settingsPath, whole } from "../../../components/shared/options";
import { must } from "../../../components/shared/refusals";
import { some } from "../../some";

const things = options(
  {
    least: whole(1, 9).default(2).describe("The fewest"),
    most: whole(1, 9).default(4).describe("The most"),
    colours: z
      .array(z.enum(["red", "blue"]))
      .default([])
      .describe("What they look like"),
    note: z.string().optional().describe("A word on them"),
  },
  [
    {
      of: ["least", "most"],
      wrong: "most",
      accepted: "least or more",
      fit: ({ least, most }) => most >= least,
    },
    {
      of: ["colours", "note"],
      wrong: "note",
      accepted: "the first colour",
      fit: ({ colours, note }) => note === undefined || note.startsWith(colours[0]!.toUpperCase()),
    },
  ],
);

interface ThingArgs {
  least?: number;
  most?: number;
  colours?: ("red" | "blue")[];
  note?: string;
  ground?: string;
}

const filled = (args: ThingArgs) =>
  fill("Thing", "mine", things, args, ({ ground, most }) =>
    must(ground !== "sand", "ground", `firm for ${most}`, ground),
  );
const refusal = (args: object) => {
  try {
    return filled(args);
  } catch (error) {
    return (error as Error).message;
  }
};

describe("the options of a component", () => {
  it("get their defaults, and pass on what is not an option", () => {
    assert.deepEqual(filled({ most: 9, ground: "rock" }), {
      least: 2,
      most: 9,
      colours: [],
      ground: "rock",
    });
  });

  it("leave the arguments unchanged, because another component may get them too", () => {
    const args = { most: 9 };
    filled(args);
    assert.deepEqual(args, { most: 9 });
  });

  it("refuse everything that is wrong in one error: options, rules, and the component's dependencies", () => {
    assert.equal(
      refusal({ least: 5, most: 3, colours: ["green"], ground: "sand" }),
      'Thing "mine": colours.0 must be one of red, blue, got "green"; ' +
        "most must be least or more, got 3; " +
        'ground must be firm for 3, got "sand"',
    );
  });

  it("refuse a wrong dependency beside a wrong option, which counts as its default there", () => {
    assert.equal(
      refusal({ most: 0.5, ground: "sand" }),
      'Thing "mine": most must be a whole number from 1 to 9, got 0.5; ground must be firm for 4, got "sand"',
    );
  });

  it("report one problem per argument, not what follows from it", () => {
    const twice = () =>
      fill("Thing", "mine", things, { most: 10 }, ({ most }) => must(most > 4, "most", "more than 4", most));
    assert.throws(twice, { message: 'Thing "mine": most must be a whole number from 1 to 9, got 10' });
  });

  it("can be checked alone if the component has no dependencies", () => {
    assert.deepEqual(fill("Thing", "mine", things, { most: 9 }), { least: 2, most: 9, colours: [] });
  });

  it("name the path of each problem for programs that read the error", () => {
    assert.throws(
      () => filled({ least: 0, ground: "sand" }),
      ({ errors }: { errors: { propertyPath: string }[] }) => {
        assert.deepEqual(
          errors.map(({ propertyPath }) => propertyPath),
          ["least", "ground"],
        );
        return true;
      },
    );
  });
});

describe("an option whose value is known later", () => {
  /** Anything may be an output, or hold one. */
  const filledLate = (args: object) => filled(args as ThingArgs) as unknown as Record<string, unknown>;

  it("is taken as it is, while the others get their defaults and are checked", () => {
    const late = pulumi.output(99);
    assert.deepEqual(filledLate({ least: late }), { least: late, most: 4, colours: [] });
    assert.equal(filledLate({ least: late })["least"], late);
    assert.equal(
      refusal({ least: late, most: 10 }),
      'Thing "mine": most must be a whole number from 1 to 9, got 10',
    );
  });

  it("is any that contains an output or a promise, however deep, and no other", () => {
    for (const late of [
      pulumi.output("x"),
      Promise.resolve("x"),
      ["red", pulumi.output("x")],
      { a: { b: [pulumi.output(1)], c: 1 } },
    ])
      assert.equal(filledLate({ colours: late })["colours"], late);
    for (const early of [null, ["red", ["blue"]], { a: {} }])
      assert.match(String(refusal({ note: early })), /note must be .* got /);
  });

  it("is skipped by rules", () => {
    assert.deepEqual(filledLate({ least: pulumi.output(9), most: 1 })["most"], 1);
    assert.deepEqual(filledLate({ least: 9, most: pulumi.output(1) })["least"], 9);
    assert.match(String(refusal({ least: 5, most: 3, note: pulumi.output("x") })), /least or more/);
  });
});

describe("a rule of several options", () => {
  const rules = (message: string | object) => {
    assert.equal(typeof message, "string", "nothing was refused");
    return ["least or more", "the first colour"].filter((rule) => (message as string).includes(rule));
  };

  it("is checked if each of them is valid", () => {
    assert.deepEqual(rules(refusal({ least: 5, most: 3 })), ["least or more"]);
    assert.deepEqual(rules(refusal({ colours: ["red"], note: "blue" })), ["the first colour"]);
    assert.deepEqual(rules(refusal({ least: 5, most: 3, colours: ["red"], note: "blue" })), [
      "least or more",
      "the first colour",
    ]);
  });

  it("is checked with the defaults of options that are left out", () => {
    assert.deepEqual(rules(refusal({ least: 5 })), ["least or more"]);
  });

  it("is not checked if one of them, or an entry of one, is invalid", () => {
    for (const args of some([
      { least: 10, most: 1 },
      { least: 9, most: 0.5 },
      { least: "9", most: 1 },
      { colours: ["green"], note: "blue" },
      { colours: [7], note: "blue" },
      { colours: "red", note: "blue" },
    ]))
      assert.deepEqual(rules(refusal(args)), [], JSON.stringify(args));
  });

  it("is not checked if there are no options at all", () => {
    for (const value of some([undefined, null, "text", 7, []])) {
      const { error } = schemaOf(things).safeParse(value);
      assert.deepEqual(
        error?.issues.map(({ code, path }) => [code, path]),
        [["invalid_type", []]],
        String(value),
      );
    }
  });

  it("is checked if other options are invalid", () => {
    assert.deepEqual(rules(refusal({ least: 5, most: 3, note: 7 })), ["least or more"]);
    const { error } = schemaOf(things).safeParse({ least: 5, most: 3, lest: 1 });
    assert.deepEqual(
      error?.issues.map(({ code, path }) => [code, path]),
      [
        ["unrecognized_keys", []],
        ["custom", ["most"]],
      ],
    );
  });
});

describe("the schema of options", () => {
  it("accepts the options and nothing else", () => {
    assert.deepEqual(schemaOf(things).parse({}), {
      least: 2,
      most: 4,
      colours: [],
    });
    assert.equal(schemaOf(things).safeParse({ other: 1 }).success, false);
  });

  it("puts other defaults before the options' own, and gives one to an option that has none", () => {
    const { least, most, note } = schemaOf(things, { least: 3, colours: ["red"], note: "REDDISH" }).parse({
      most: 5,
    });
    assert.deepEqual([least, most, note], [3, 5, "REDDISH"]);
  });

  it("keeps an option's description and bounds under another default", () => {
    const { least } = schemaOf(things, { least: 3 }).shape;
    assert.equal(least.description, "The fewest");
    assert.equal(least.safeParse(10).success, false);
  });

  it("lets a rule check other defaults", () => {
    assert.equal(schemaOf(things, { least: 5 }).safeParse({}).success, false);
  });

  it("refuses a default that the option itself would refuse, before anything is read", () => {
    for (const defaults of some([{ least: 10 }, { colours: ["green"] }, { note: 7 }]))
      assert.throws(() => schemaOf(things, defaults), z.ZodError, JSON.stringify(defaults));
  });
});

describe("a whole number from 1 to 9", () => {
  const accepted = (value: unknown) => whole(1, 9).safeParse(value);

  it("may be one of its bounds", () => {
    assert.deepEqual([accepted(1).success, accepted(9).success], [true, true]);
  });

  for (const value of [0, 10, 1.5, 0.5, NaN, Infinity, -1, "1", null, undefined])
    it(`may not be the ${typeof value} ${String(value)}`, () => {
      const messages = accepted(value).error?.issues.map(({ message }) => message) ?? [];
      assert.deepEqual([...new Set(messages)], ["a whole number from 1 to 9"]);
    });
});

describe("a path of settings", () => {
  it("begins with a slash, ends without one, and has names in between", () => {
    for (const path of ["/groundwork", "/groundwork/dev", "/a.b/c-d/e_f"])
      assert.deepEqual(settingsPath("parameterPath", path), [], path);
    for (const path of ["", "/", "groundwork", "/groundwork/", "/ground work", "//dev"])
      assert.deepEqual(settingsPath("parameterPath", path), [
        {
          path: "parameterPath",
          reason: `parameterPath must be a path such as /groundwork/dev, got ${JSON.stringify(path)}`,
        },
      ]);
  });
});
