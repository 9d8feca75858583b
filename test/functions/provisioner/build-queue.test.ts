import { strict as assert } from "node:assert";
import { placesOf } from "../../../functions/provisioner/build-queue";
import { Project } from "../../../functions/provisioner/project";

const project = (id: string, at?: string, more: object = {}) =>
  ({
    ...{ id, step: "deliver", queued: true },
    stages: at === undefined ? {} : { deliver: { state: "running", at } },
    ...more,
  }) as Project;

describe("the places of builds that wait", () => {
  const all = [
    project("third", "2100-03-01T08:00:02.000Z"),
    project("second", "2100-03-01T08:00:01.000Z"),
    project("runs", "2100-03-01T08:00:00.000Z", { queued: false }),
    project("serves", "2100-03-01T08:00:00.000Z", { step: "serve" }),
    project("first"),
    project("fourth", "2100-03-01T09:00:00.000Z"),
  ];

  it("go by when each was asked for, whatever else the projects do", async () => {
    assert.deepEqual(
      [...(await placesOf([project("third")], async () => all))],
      [
        ["first", 1],
        ["second", 2],
        ["third", 3],
        ["fourth", 4],
      ],
    );
  });

  it("are not looked for where none of these waits", async () => {
    const nobody = [project("a", "1", { queued: undefined }), project("b", "1", { step: "serve" })];
    assert.equal((await placesOf(nobody, () => assert.fail("was asked"))).size, 0);
  });
});
