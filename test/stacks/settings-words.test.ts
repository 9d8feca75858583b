// Each setting's own rule: the nearest value that it refuses, and the nearest that it takes.
import { strict as assert } from "node:assert";
import { SettingsError, readSettings } from "../../stacks/settings";
import { problems } from "./settings-problems";
import { BASE } from "./settings-words/base";
import { SERVICES } from "./settings-words/services";
import { some } from "../some";

describe("the rule of each text and list", () => {
  for (const { area, setting, wrong, rule, right, more, environment } of some([...BASE, ...SERVICES]))
    it(`refuses ${area}.${setting} ${JSON.stringify(wrong[0])}`, () => {
      for (const value of some(wrong)) {
        const told = problems(area, setting, value, more, environment);
        assert.equal(told.length, 1, `${JSON.stringify(value)}: ${told.join("; ")}`);
        assert.match(told[0]!, rule);
      }
      const refused = right.flatMap((value) => problems(area, setting, value, more, environment));
      assert.deepEqual(refused, []);
    });
});

describe("the rules between settings", () => {
  const told = (area: string, value: unknown) => {
    const others = ["web", "identity"]
      .filter((name) => name !== area)
      .map((name) => [`groundwork:${name}`, "{}"]);
    const config = { "groundwork:environment": "dev", ...Object.fromEntries(others) };
    try {
      readSettings("test", { ...config, [`groundwork:${area}`]: JSON.stringify(value) });
      return [];
    } catch (error) {
      if (error instanceof SettingsError) return error.problems;
      throw error;
    }
  };

  for (const area of ["web", "operations", "provisioner"])
    for (const value of [null, "yes", 7, []])
      it(`refuses ${JSON.stringify(value)} for ${area} with its own reason, and nothing else`, () => {
        assert.deepEqual(told(area, value), [
          `groundwork:${area} must be of type object, got ${JSON.stringify(value)}`,
        ]);
      });

  it("refuses a setting that is wrong by itself only for that reason", () => {
    assert.deepEqual(told("web", { minSize: "a" }), [
      'groundwork:web.minSize must be a whole number from 1 to 100, got "a"',
    ]);
    assert.deepEqual(told("web", { sshCidrs: "all" }), [
      'groundwork:web.sshCidrs must be of type array, got "all"',
    ]);
  });

  it("refuses them together with unknown keys and with what is wrong elsewhere", () => {
    assert.deepEqual(told("web", { minSize: 3, maxSize: 2, colour: "red", appPort: 1 }), [
      "groundwork:web.appPort must be a whole number from 1024 to 65535, got 1",
      "groundwork:web.colour is not a setting",
      "groundwork:web.maxSize must be minSize or more, got 2",
    ]);
  });
});
