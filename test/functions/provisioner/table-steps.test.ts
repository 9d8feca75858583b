import { strict as assert } from "node:assert";
import { stepStore } from "../../../functions/provisioner/aws/table-steps";
import type { Project, Stage } from "../../../functions/provisioner/project";
import type { Onward } from "../../../functions/provisioner/store";
import { DynamoInMemory } from "./dynamo-in-memory";
import { ready, world } from "./world";

const STAGE: Stage = { state: "done", at: "2026-01-01T00:00:00Z" };
const FAILURE: Project["failure"] = { step: "deliver", code: "deliver", reason: "why" };
const ONWARD: Onward = {
  state: "ready",
  run: { name: "r", action: "update", approval: false },
  due: "2026-01-02",
};
const ENDED = { state: "ready" } as const;

/** A project that was made, or none, as the steps find it when they come late or twice. */
async function found(change?: object) {
  const w = world();
  const id = await ready(w);
  if (change) w.edit(id, change);
  const steps = stepStore({ client: w.dynamo.client, TableName: "projects" });
  return { w, id, steps, project: w.record(id) as Project };
}

describe("the records of the steps", () => {
  it("commit a quota once, and report that to a repeated step", async () => {
    const { w, steps, project } = await found({ quota: "reserved" });
    assert.equal(await steps.commit(project, STAGE, ENDED), true);
    assert.equal(w.record(project.id)!.quota, "committed");
    assert.equal(await steps.commit(project, STAGE, ENDED), true);
  });

  it("refuses to commit what was cancelled or does not exist", async () => {
    const { steps, project } = await found({ quota: "reserved", cancel: true });
    assert.equal(await steps.commit(project, STAGE, ENDED), false);
    const { client } = new DynamoInMemory("projects");
    assert.equal(await stepStore({ client, TableName: "projects" }).commit(project, STAGE, ENDED), false);
  });

  it("do not recreate a deleted project", async () => {
    const dynamo = new DynamoInMemory("projects");
    const steps = stepStore({ client: dynamo.client, TableName: "projects" });
    await steps.begin("p1", "undo create", STAGE, { token: "t", due: "2026-01-01" });
    await steps.goBack("p1", ONWARD, STAGE, FAILURE);
    await steps.settle("p1", "ready", STAGE, {});
    assert.equal(await steps.hold("p1", STAGE, {}), false);
    assert.equal(dynamo.items.size, 0);
  });

  it("forget a change's progress when the project returns to what it was", async () => {
    const { w, id, steps } = await found({
      cancel: true,
      step: "deliver",
      token: "t",
      buildId: "b",
      queue: "x",
    });
    await steps.goBack(id, ONWARD, STAGE, FAILURE);
    const { cancel, step, token, buildId, queue, failure, state } = w.record(id)!;
    assert.deepEqual([cancel, step, token, buildId], [undefined, undefined, undefined, undefined]);
    assert.deepEqual([queue, failure, state], ["due", FAILURE, "ready"]);
  });

  it("keep a token for a step without one only until that step begins", async () => {
    const { w, id, steps } = await found({ token: "old" });
    await steps.begin(id, "deliver", STAGE, { token: "new", due: "2026-01-01" });
    assert.equal(w.record(id)!.token, "new");
    await steps.begin(id, "deliver", STAGE, { due: "2026-01-01" });
    assert.equal(w.record(id)!.token, undefined);
  });
});
