import { strict as assert } from "node:assert";
import { markDeployed } from "../../../functions/delivery/mark-deployed";
import { recordRelease } from "../../../functions/delivery/record-release";
import { isImage, ofBundle, Release } from "../../../functions/delivery/releases";
import { pipelineState } from "../../../functions/delivery/state";
import { logged } from "../logged";
import { jobOf, releaseOf } from "./ports-in-memory";
import type { PipelineJobEvent } from "../../../functions/delivery/pipeline-job";

async function record(event: PipelineJobEvent, broken = false) {
  const put: Release[] = [];
  const ends: string[] = [];
  await recordRelease(event, {
    releases: {
      put: async (release) => {
        if (broken) throw Object.assign(new Error("arn:secret"), { name: "ResourceNotFoundException" });
        put.push(release);
      },
    },
    bundles: { stamp: async (bucket, key) => ({ bucket, key, version: "v7", eTag: "e7" }) },
    job: {
      succeed: async (id) => void ends.push(`${id} succeeded`),
      fail: async (id, message) => void ends.push(`${id} failed: ${message}`),
    },
    now: () => "2026-01-01T00:07:00Z",
  });
  return { put, ends };
}

const { commit, image } = releaseOf(7);

describe("recordRelease", () => {
  it("writes commit, digest and bundle before anything is deployed", async () => {
    const { put, ends } = await record(jobOf(JSON.stringify({ execution: "execution-7", commit, image })));
    assert.deepEqual(put, [
      {
        id: "execution-7",
        commit,
        image,
        bundle: { bucket: "artifacts", key: "p/Build/7.zip", version: "v7", eTag: "e7" },
        recordedAt: "2026-01-01T00:07:00Z",
      },
    ]);
    assert.deepEqual(ends, ["job-1 succeeded"]);
  });

  it("refuses a build that names no digest, and ends the execution", async () => {
    for (const event of [
      jobOf(undefined),
      jobOf("{"),
      jobOf(JSON.stringify({ execution: "e", commit, image: "web:live" })),
      jobOf(JSON.stringify({ execution: "e", commit, image }), 0),
      jobOf(JSON.stringify({ commit, image })),
    ]) {
      const { put, ends } = await record(event);
      assert.deepEqual(put, []);
      assert.match(ends.join(), /^job-1 failed: The build named no release: /);
    }
  });

  it("says which of commit and image the build did not name", async () => {
    for (const [named, told] of [
      [{ commit }, `commit ${commit}, image ?`],
      [{ image }, `commit ?, image ${image}`],
      [{ commit: "", image: "" }, "commit ?, image ?"],
    ] as const) {
      const { put, ends } = await record(jobOf(JSON.stringify({ execution: "e", ...named })));
      assert.deepEqual([put, ends], [[], [`job-1 failed: The build named no release: ${told}.`]]);
    }
  });

  it("ends the execution when the record cannot be written", async () => {
    const { ends } = await record(jobOf(JSON.stringify({ execution: "e", commit, image })), true);
    assert.deepEqual(ends, ["job-1 failed: The release was not recorded: ResourceNotFoundException."]);
  });
});

describe("markDeployed", () => {
  const mark = async (key: string) => {
    const done: string[] = [];
    const result = await markDeployed(
      { time: "2026-01-01T01:00:00Z", detail: { deploymentId: "d-1" } },
      {
        releases: {
          list: async () => [releaseOf(2), releaseOf(1)],
          markDeployed: async ({ id }, at) => void done.push(`${id} at ${at}`),
        },
        deployments: { bundleOf: async () => ({ bucket: "artifacts", key }) },
        images: { tag: async (image, tag) => void done.push(`${tag}: ${image}`) },
      },
    );
    return { result, done };
  };

  it("protects the image of a completed deployment before it offers it for rollback, and moves the live tag to it", async () => {
    const { result, done } = await mark("p/Build/1.zip");
    assert.deepEqual(result, { ok: true, release: "execution-1" });
    const { commit, image } = releaseOf(1);
    assert.deepEqual(done, [
      `ran-${commit}: ${image}`,
      "execution-1 at 2026-01-01T01:00:00Z",
      `live: ${image}`,
    ]);
  });

  it("leaves tags alone for an unrecorded deployment", async () => {
    const { result, done } = await mark("by-hand.zip");
    assert.deepEqual(result, { ok: false, reason: "deployment d-1 is of no recorded release" });
    assert.deepEqual(done, []);
  });
});

describe("pipelineState", () => {
  it("returns stages and the latest ten releases, without the location of their bundles", async () => {
    const stages = [{ stage: "Source", status: "Succeeded", actions: [] }];
    const { statusCode, body } = await pipelineState({
      pipeline: { stages: async () => stages },
      releases: { list: async () => Array(12).fill(releaseOf(1)) },
    });
    assert.equal(statusCode, 200);
    const answer = JSON.parse(body);
    assert.deepEqual(answer.stages, stages);
    assert.equal(answer.releases.length, 10);
    const { bundle: _bundle, ...told } = releaseOf(1);
    assert.deepEqual(answer.releases[0], told);
  });

  it("refuses if AWS does not answer", async () => {
    const { result, lines } = await logged(() =>
      pipelineState({
        pipeline: { stages: () => Promise.reject(new Error("no")) },
        releases: { list: async () => [] },
      }),
    );
    assert.deepEqual([result.statusCode, lines[0]!["what"]], [502, "tell the pipeline's state"]);
  });
});

describe("an image", () => {
  it("is named by its digest alone", () => {
    assert.equal(isImage(image), true);
    for (const wrong of [`x ${image}`, `${image}0`, image.slice(0, -1)]) assert.equal(isImage(wrong), false);
  });
});

describe("a release", () => {
  it("is found by the bucket of its bundle as well as by the key", () => {
    const release = releaseOf(1);
    assert.equal(ofBundle([release], release.bundle), release);
    assert.equal(ofBundle([release], { ...release.bundle, bucket: "other" }), undefined);
    assert.equal(ofBundle([release], undefined), undefined);
  });
});
