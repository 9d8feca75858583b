import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { EQUIVALENTS } from "./equivalents";
import { PROVED_ELSEWHERE, Room, ROOMS } from "./rooms";
import { short } from "./score";
import { covers, filesBelow, select } from "./select";
import { some } from "../some";
import { newFolder } from "../folder";

const ROOT = path.join(__dirname, "../..");

describe("what a mutation run takes", () => {
  const root = newFolder("mutate");
  before(() => {
    for (const file of [
      "kitchen/pan.ts",
      "kitchen/pan.test.ts",
      "kitchen/types.d.ts",
      "kitchen/deep/pot.ts",
      "hall.ts",
      "garden/rose.ts",
      "test/pan.test.ts",
      "test/helper.ts",
    ]) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), "");
    }
  });
  const rooms = [
    { name: "pots", files: ["kitchen/deep/"], tests: ["kitchen/"], goal: 95 },
    { name: "rest", files: ["kitchen/", "hall.ts"], tests: ["test/"], goal: 85 },
  ];
  const taken = (...wanted: string[]) =>
    select(root, rooms, wanted).map(({ room, files, tests }) => [room.name, files, tests]);

  it("is a file, with the tests of its room", () => {
    assert.deepEqual(taken("hall.ts"), [["rest", ["hall.ts"], ["test/pan.test.ts"]]]);
    assert.deepEqual(taken("./kitchen/pan.ts"), [["rest", ["kitchen/pan.ts"], ["test/pan.test.ts"]]]);
  });

  it("is the code of a folder, each file in the first room that names it", () => {
    const expected = [
      ["pots", ["kitchen/deep/pot.ts"], ["kitchen/pan.test.ts"]],
      ["rest", ["kitchen/pan.ts"], ["test/pan.test.ts"]],
    ];
    for (const folder of ["kitchen", "kitchen/"]) assert.deepEqual(taken(folder), expected);
  });

  it("is a room by its name", () => {
    assert.deepEqual(taken("rest"), [["rest", ["hall.ts", "kitchen/pan.ts"], ["test/pan.test.ts"]]]);
    assert.deepEqual(taken("pots"), [["pots", ["kitchen/deep/pot.ts"], ["kitchen/pan.test.ts"]]]);
  });

  it("is refused while a room names code or tests that are gone", () => {
    const [pots] = rooms as [Room, Room];
    const gone = { ...pots, files: ["kitchen/deep/", "kitchen/lid.ts"], tests: ["kitchen/deep/"] };
    assert.throws(() => select(root, [gone], ["pots"]), {
      message: "rooms.ts names what is not there: pots: kitchen/lid.ts, pots: kitchen/deep/",
    });
  });

  it("refuses what is not there, and what belongs to no room", () => {
    const rooms = "give a file, a folder or the name of a room, of which there are pots, rest";
    assert.throws(() => taken("cellar"), { message: `cellar is not there: ${rooms}` });
    assert.throws(() => taken("garden/rose.ts"), { message: `garden/rose.ts belongs to no room: ${rooms}` });
    assert.throws(() => taken("kitchen/pan.test.ts"), {
      message: `kitchen/pan.test.ts belongs to no room: ${rooms}`,
    });
  });
});

describe("the rooms", () => {
  it("leave out only what is there, and say why", () => {
    for (const [place, why] of some(Object.entries(PROVED_ELSEWHERE))) {
      const [file] = some(filesBelow(ROOT, place));
      assert.throws(() => select(ROOT, ROOMS, [file!]), { message: `${file} belongs to no room: it ${why}` });
      const [, proof] = /: (\S+) \w+/.exec(why)!;
      assert.ok(filesBelow(ROOT, proof!).length > 0, `${proof} is not there`);
    }
  });

  it("have code and tests that are there, and code that no earlier room took", () => {
    const names = ROOMS.map(({ name }) => name);
    assert.deepEqual(
      select(ROOT, ROOMS, names).map(({ room }) => room.name),
      names,
    );
  });

  const WHOLE = [
    "functions/",
    "policies/",
    "sandbox/fleet/",
    "webapp/session/",
    "webapp/identity/",
    "webapp/plugins/",
  ];
  it("leave out no file of what decides", () => {
    const homeless = some(WHOLE.flatMap((place) => filesBelow(ROOT, place)))
      .filter((file) => /(?<!\.d|\.test)\.ts$/.test(file))
      .filter((file) => !covers(Object.keys(PROVED_ELSEWHERE), file))
      .filter((file) => !ROOMS.some(({ files }) => covers(files, file)));
    assert.deepEqual(homeless, []);
  });

  it("have a row each where their scores are written down", () => {
    const page = fs.readFileSync(path.join(ROOT, "docs/benchmarks.md"), "utf8");
    const table = page.split("## mutation:")[1]!.split("\n## ")[0]!;
    const rows = [...table.matchAll(/^\| (\w+)\b.* \| (\d+) % \|.*\|$/gm)].map(([, name, goal]) => [
      name,
      goal,
    ]);
    assert.deepEqual(
      rows,
      ROOMS.map(({ name, goal }) => [name, String(goal)]),
    );
  });

  it("have equivalents whose lines are still in their files", () => {
    for (const { file, line } of some(EQUIVALENTS)) {
      const lines = fs.readFileSync(path.join(ROOT, file), "utf8").split("\n").map(short);
      assert.ok(lines.includes(line), `${file} has no line ${line}`);
    }
  });
});
