import { strict as assert } from "node:assert";
import { releasesIn, replacingIn } from "../../../functions/provisioner/aws/releases";
import { logged } from "../logged";
import { recordedClient } from "../recorded-client";
import { MEMBER, ready, serve, World, world, last } from "./world";

const ok = { ok: true };
const server = { type: "realtime", stack: "node" };
const GROUP = { Group: "group-1", Images: "images-1", Scheme: "http" };

/** A server project that has run these images, the last one last. */
async function released(w: World, ...images: string[]): Promise<string> {
  w.addresses.set("group-1", "192.0.2.7");
  w.aws.images = images;
  w.aws.image = images[0];
  const id = await ready(w, server, GROUP);
  for (const image of images.slice(1)) {
    await build(w, id, image);
    await serve(w, id);
    await w.step("finish", id);
  }
  return id;
}

/** An update whose build has put this image in the place of the one before. */
async function build(w: World, id: string, image: string): Promise<void> {
  const { status } = await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { rebuild: true } });
  assert.equal(status, 202);
  await w.step("update", id, "t-up");
  await w.step("deliver", id, "t-build");
  w.aws.image = image;
  w.aws.images = [...new Set([...w.aws.images, image])];
  await w.look(id);
}

const back = (w: World, id: string) => w.call(MEMBER, "POST", "/projects/{id}/rollback", { id });

describe("the releases of a project", () => {
  it("are the images that served, the one that runs first, five at most", async () => {
    const w = world();
    const id = await released(w, "i1", "i2", "i3", "i4", "i5", "i6");
    assert.deepEqual(w.record(id)!.releases, ["i6", "i5", "i4", "i3", "i2"]);
  });

  it("are no reason to stop when they cannot be read", async () => {
    const w = world();
    w.aws.broken.add("current");
    const { result } = await logged(() => released(w, "i1"));
    assert.deepEqual([w.record(result)!.state, w.record(result)!.releases], ["ready", undefined]);
  });
});

describe("a release that does not serve", () => {
  const failing = async (w: World) => {
    const id = await released(w, "i1");
    await build(w, id, "i2");
    w.edit(id, { failure: { step: "serve", code: "serve", reason: "It answers 500." } });
    await w.step("keep", id);
    return id;
  };

  /** A change of the variables that was led on to the stack, and then failed at this step. */
  const changed = async (w: World, id: string, step: "update" | "serve") => {
    const body = { variables: { COLOUR: "red" } };
    assert.equal((await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body })).status, 202);
    const { valuesArn } = w.record(id)!.change!;
    await w.step("update", id, "t-up");
    if (step === "serve") assert.deepEqual(await w.step("deliver", id, "t-build"), ok);
    w.edit(id, { failure: { step, code: step, reason: "It answers 500." } });
    await w.step("keep", id);
    return valuesArn!;
  };

  it("takes the servers back to the values of before, where new ones are why it does not serve", async () => {
    const w = world();
    const id = await released(w, "i1");
    const { valuesArn: before } = w.record(id)!;
    const given = await changed(w, id, "serve");
    const { state, change, valuesArn } = w.record(id)!;
    assert.deepEqual([state, change, valuesArn], ["updating", { release: "i1" }, before]);
    assert.ok(!w.secrets.has(given));
  });

  it("keeps the values that its servers read by now, where there is no release to go back to", async () => {
    const w = world();
    const id = await released(w, "i1");
    w.edit(id, { releases: undefined });
    const given = await changed(w, id, "serve");
    const { state, variables, valuesArn } = w.record(id)!;
    assert.deepEqual([state, variables, valuesArn], ["ready", { COLOUR: "red" }, given]);
    assert.ok(w.secrets.has(given));
  });

  it("forgets the values of a change that CloudFormation has taken back by itself", async () => {
    const w = world();
    const id = await released(w, "i1");
    const given = await changed(w, id, "update");
    const { state, variables, change } = w.record(id)!;
    assert.deepEqual([state, variables, change], ["ready", undefined, undefined]);
    assert.ok(!w.secrets.has(given));
  });

  it("gives its place to the one before by itself, and says so", async () => {
    const w = world();
    const id = await failing(w);
    const { state, change, run, failure, due } = w.record(id)!;
    assert.deepEqual(
      [state, change, run.action, run.approval],
      ["updating", { release: "i1" }, "update", false],
    );
    assert.equal(failure!.reason, "It answers 500. The previous release is restored.");
    assert.match(last(w.seen.mails).text, /The previous release is restored\./);
    assert.ok(due! <= new Date(w.clock.ms).toISOString());
    w.aws.execution = "absent";
    await w.minute();
    assert.equal(last(w.seen.starts)[0], run.name);

    await w.step("update", id, "t-up");
    w.seen.builds.length = 0;
    await w.step("deliver", id, "t-back");
    assert.deepEqual([w.seen.builds, w.seen.restored], [[], [["images-1", "i1", "group-1"]]]);
    await w.look(id);
    assert.equal(
      w.seen.answers.some(([token]) => token === "t-back"),
      false,
      "the servers are not replaced yet",
    );
    w.aws.replacing = "done";
    await w.look(id);
    assert.deepEqual(last(w.seen.answers), ["t-back", ok]);
    w.seen.probes.length = 0;
    await serve(w, id);
    assert.equal(w.seen.probes.length, 1, "the release before is asked, too");
    await w.step("finish", id);
    const now = w.record(id)!;
    assert.deepEqual([now.state, now.releases, now.change], ["ready", ["i1"], undefined]);
    assert.match(now.failure!.reason, /^It answers 500/);
    assert.equal(last(w.seen.mails).subject, "shop is back at the previous release");
  });

  it("is gone back from once, not for ever", async () => {
    const w = world();
    const id = await failing(w);
    await w.step("deliver", id, "t-back");
    w.aws.replacing = "failed";
    w.aws.image = "i2";
    await w.look(id);
    assert.deepEqual(last(w.seen.answers)[1], {
      ok: false,
      code: "deliver",
      reason: "The servers could not be replaced.",
    });
    await w.step("keep", id);
    assert.equal(w.record(id)!.state, "ready");
  });

  it("is not gone back from where the image is still the one that served", async () => {
    const w = world();
    const id = await released(w, "i1");
    await build(w, id, "i1");
    w.edit(id, { failure: { step: "serve", code: "serve", reason: "It answers 500." } });
    await w.step("keep", id);
    const { state, failure } = w.record(id)!;
    assert.deepEqual([state, failure!.reason], ["ready", "It answers 500."]);
  });
});

describe("asking for the release before", () => {
  it("has it run again, and the next request the one before that", async () => {
    const w = world();
    const id = await released(w, "i1", "i2", "i3");
    for (const [release, left] of [
      ["i2", ["i2", "i1"]],
      ["i1", ["i1"]],
    ] as const) {
      assert.equal((await back(w, id)).status, 202);
      assert.deepEqual(w.record(id)!.change, { release });
      await w.step("update", id, "t-up");
      await w.step("deliver", id, "t-back");
      await serve(w, id);
      await w.step("finish", id);
      assert.deepEqual(w.record(id)!.releases, left);
    }
    const { status, body } = await back(w, id);
    assert.deepEqual([status, body.code], [409, "first"]);
  });

  it("waits for approval where an update does", async () => {
    const w = world({ automatic: [] });
    const id = await released(w, "i1");
    w.edit(id, { releases: ["i2", "i1"] });
    await back(w, id);
    assert.equal(w.record(id)!.run.approval, true);
  });

  it("is refused where there is none, for a project that is not ready, and to another unit", async () => {
    const w = world();
    const told = await back(w, await ready(w));
    assert.deepEqual([told.status, told.body.code], [409, "first"]);
    const other = world();
    const one = await released(other, "i1", "i2");
    other.edit(one, { state: "frozen" });
    assert.equal((await back(other, one)).body.code, "busy");
    const stranger = { ...MEMBER, sub: "s-other", unit: "ct2" };
    assert.equal((await other.call(stranger, "POST", "/projects/{id}/rollback", { id: one })).status, 404);
  });

  it("fails when the image is no longer kept", async () => {
    const w = world();
    const id = await released(w, "i1", "i2");
    w.aws.images = ["i2"];
    await back(w, id);
    const reason = "The previous release is no longer kept.";
    assert.deepEqual(await w.step("deliver", id, "t-back"), { ok: false, code: "deliver", reason });
  });
});

describe("an image in its repository", () => {
  const error = (name: string) => Object.assign(new Error(name), { name });
  const fixed = (answers: object, groups: object = {}) => {
    const ecr = recordedClient({ ...answers });
    const autoscaling = recordedClient({ ...groups });
    return {
      ...releasesIn(ecr.client, autoscaling.client),
      calls: () => [...ecr.calls, ...autoscaling.calls],
    };
  };

  it("is current by the tag that servers fetch, and none before the first build", async () => {
    const { current, calls } = fixed({ DescribeImages: { imageDetails: [{ imageDigest: "i1" }] } });
    assert.equal(await current("images-1"), "i1");
    assert.deepEqual(calls(), [
      ["DescribeImages", { repositoryName: "images-1", imageIds: [{ imageTag: "latest" }] }],
    ]);
    for (const none of [error("ImageNotFoundException"), { imageDetails: [] }, {}])
      assert.equal(await fixed({ DescribeImages: none }).current("x"), undefined);
    await assert.rejects(fixed({ DescribeImages: error("ServerException") }).current("x"), /ServerException/);
  });

  it("gets that tag back, and the servers are replaced, however often it is asked for", async () => {
    const images = [{ imageManifest: "{}", imageManifestMediaType: "m" }];
    const { restore, calls } = fixed({ BatchGetImage: { images } });
    assert.equal(await restore("images-1", "i1", "group-1"), "started");
    assert.deepEqual(calls(), [
      ["BatchGetImage", { repositoryName: "images-1", imageIds: [{ imageDigest: "i1" }] }],
      [
        "PutImage",
        {
          repositoryName: "images-1",
          imageTag: "latest",
          imageDigest: "i1",
          imageManifest: "{}",
          imageManifestMediaType: "m",
        },
      ],
      [
        "StartInstanceRefresh",
        { AutoScalingGroupName: "group-1", Preferences: { MinHealthyPercentage: 0, InstanceWarmup: 180 } },
      ],
    ]);
    const again = fixed(
      { BatchGetImage: { images }, PutImage: error("ImageAlreadyExistsException") },
      { StartInstanceRefresh: error("InstanceRefreshInProgress") },
    );
    assert.equal(await again.restore("images-1", "i1", "group-1"), "started");
    const refused = fixed({ BatchGetImage: { images } }, { StartInstanceRefresh: error("ValidationError") });
    await assert.rejects(refused.restore("images-1", "i1", "group-1"), /ValidationError/);
    for (const none of [{ images: [] }, {}])
      assert.equal(await fixed({ BatchGetImage: none }).restore("x", "i1", "g"), "gone");
  });

  it("has taken its place when the replacement of servers has ended well", async () => {
    for (const [Status, state] of [
      ["Pending", "running"],
      ["InProgress", "running"],
      ["Successful", "done"],
      ["Failed", "failed"],
      ["Cancelled", "failed"],
      ["RollbackFailed", "failed"],
      ["RollbackSuccessful", "failed"],
      [undefined, "running"],
    ] as const) {
      const { client, calls } = recordedClient({
        DescribeInstanceRefreshes: { InstanceRefreshes: [{ Status }] },
      });
      assert.equal(await replacingIn(client)("group-1"), state, Status);
      assert.deepEqual(calls[0]![1], { AutoScalingGroupName: "group-1", MaxRecords: 1 });
    }
    for (const none of [{ InstanceRefreshes: [] }, {}]) {
      const { client } = recordedClient({ DescribeInstanceRefreshes: none });
      assert.equal(await replacingIn(client)("group-1"), "running");
    }
  });
});
