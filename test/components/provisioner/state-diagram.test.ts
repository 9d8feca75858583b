import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { stateMachine } from "../../../components/provisioner/state-machine";
import { draw, nextOf } from "./state-diagram";
import { some } from "../../some";

const file = path.join(__dirname, "../../../docs/provisioner-states.svg");
const args = { stepsArn: "arn", queueUrl: "url", tableName: "table", approvalHours: 72, retrySeconds: 10 };
const states = stateMachine(args).States as unknown as Parameters<typeof draw>[0];

describe("the drawing of the provisioner's state machine", () => {
  it("matches the definition (UPDATE_GOLDEN=1 draws it anew)", () => {
    const drawn = draw(states);
    if (process.env["UPDATE_GOLDEN"]) fs.writeFileSync(file, drawn);
    assert.equal(fs.readFileSync(file, "utf8"), drawn);
  });

  it("names every state and every transition", () => {
    const svg = fs.readFileSync(file, "utf8");
    assert.equal(Object.keys(states).length, 27);
    for (const name of some(Object.keys(states))) assert.ok(svg.includes(`>${name}</text>`), name);
    const ways = Object.entries(states).flatMap(([name, state]) => nextOf(state).map((next) => [name, next]));
    for (const [name, next] of some(ways)) assert.ok(svg.includes(`<title>${name} to ${next}</title>`), next);
  });

  it("refuses a state that has no place in the drawing yet", () => {
    assert.throws(() => draw({ ...states, New: { Type: "Succeed" } }), /the state New has no place/);
  });
});
