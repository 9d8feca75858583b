import { strict as assert } from "node:assert";
import { Project, STATES } from "../../../functions/provisioner/project";
import { publicView } from "../../../functions/provisioner/public-project";

const project: Project = {
  ...{
    id: "abcdefghij",
    name: "shop",
    environment: "dev",
    type: "static",
    framework: "hugo",
    host: "shop-dev",
  },
  ...{ repository: "https://github.com/example/shop", branch: "main", email: "team@example.org" },
  ...{ unit: "team", owner: "sub", ownerEmail: "team@example.org", cents: 150, quota: "committed" },
  ...{ secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x", token: "SECRETTOKEN" },
  ...{ state: "ready", stages: {}, createdAt: "2026-01-01T00:00:00.000Z" },
  run: { name: "run", action: "create", approval: false, by: { sub: "sub", email: "team@example.org" } },
};

describe("a project as the API answers it", () => {
  it("says what each state means, so that no client keeps lists of states", () => {
    const meaning = STATES.map((state) => {
      const { moving, over } = publicView({ ...project, state });
      return `${state}: ${moving ? "moving" : over ? "over" : "resting"}`;
    });
    assert.deepEqual(meaning, [
      "running: moving",
      "ready: resting",
      "failed: resting",
      "frozen: resting",
      "updating: moving",
      "deleting: moving",
      "rejected: over",
      "rolled-back: over",
      "deleted: over",
      "needs-attention: resting",
    ]);
  });

  it("names its template, unless the catalogue has lost its kind", () => {
    assert.equal(publicView(project).template, "static");
    assert.equal(publicView({ ...project, type: "dynamic", framework: "django" }).template, "server");
    assert.equal(publicView({ ...project, framework: "gone" }).template, undefined);
  });

  it("holds its framework as the field stack, and no token and no secret's ARN", () => {
    const { stack, ...rest } = publicView(project);
    assert.deepEqual([stack, "framework" in rest], ["hugo", false]);
    const text = JSON.stringify(rest);
    assert.match(text, /"monthlyPrice":1.5/);
    assert.doesNotMatch(text, /SECRETTOKEN|secretsmanager/);
  });
});
