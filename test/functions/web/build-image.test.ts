import { strict as assert } from "node:assert";
import { buildImage, ImageBuild, ImageBuilds } from "../../../functions/web/build-image";
import { codebuildImages } from "../../../functions/web/codebuild-images";
import { awsError, recordedClient } from "../recorded-client";
import { waitsOf } from "../waits";

const SOURCE = "web-build-source/abc.zip";
const DIGEST = `sha256:${"ab".repeat(32)}`;
const LOG = { group: "web-build", stream: "1" };

const build = (id: string, status: string, more: Partial<ImageBuild> = {}): ImageBuild => ({
  id,
  status,
  source: SOURCE,
  faults: [],
  log: LOG,
  ...more,
});

/** A project whose build goes through these states, and what was done to it. */
function project(states: string[], more: Partial<ImageBuilds> = {}) {
  const calls: string[] = [];
  const left = [...states];
  const ports: ImageBuilds = {
    newest: async () => undefined,
    start: async () => {
      calls.push("start");
      return build("b:1", left.shift()!);
    },
    look: async (id) => {
      calls.push(`look ${id}`);
      return build(id, left.shift()!);
    },
    lastLines: async () => ["the last but one", "the last"],
    digest: async () => DIGEST,
    pause: async () => void calls.push("pause"),
    ...more,
  };
  return { ports, calls };
}

const messageOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => assert.fail("it did not fail"),
    ({ message, stack }: Error) => {
      assert.equal(stack, "");
      return message;
    },
  );

describe("the function that lets CodeBuild build the web app's image", () => {
  it("starts a build, waits for its end and returns the image's digest", async () => {
    const { ports, calls } = project(["IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED"]);
    assert.deepEqual(await buildImage({ source: SOURCE }, ports), { digest: DIGEST });
    assert.deepEqual(calls, ["start", "pause", "look b:1", "pause", "look b:1"]);
  });

  it("waits for a running build of the same source, as after a broken connection", async () => {
    const newest = async () => build("b:0", "IN_PROGRESS");
    const { ports, calls } = project(["SUCCEEDED"], { newest });
    assert.deepEqual(await buildImage({ source: SOURCE }, ports), { digest: DIGEST });
    assert.deepEqual(calls, ["pause", "look b:0"]);
  });

  it("starts one beside a build of another source, and after one that has ended", async () => {
    for (const before of [
      build("b:0", "IN_PROGRESS", { source: "other.zip" }),
      build("b:0", "SUCCEEDED"),
      build("b:0", "FAILED"),
    ]) {
      const { ports, calls } = project(["SUCCEEDED"], { newest: async () => before });
      await buildImage({ source: SOURCE }, ports);
      assert.deepEqual(calls, ["start"]);
    }
  });

  it("fails with CodeBuild's reason and the end of the log if a build fails", async () => {
    const { ports } = project(["IN_PROGRESS"], {
      look: async (id) => build(id, "FAILED", { faults: ["BUILD: COMMAND_EXECUTION_ERROR: exit status 1"] }),
    });
    assert.equal(
      await messageOf(buildImage({ source: SOURCE }, ports)),
      [
        "The web app's image was not built: build b:1 ended with FAILED.",
        "BUILD: COMMAND_EXECUTION_ERROR: exit status 1",
        "The end of its log, web-build 1:",
        "the last but one",
        "the last",
      ].join("\n"),
    );
  });

  it("fails without a log if a build never had one", async () => {
    const { ports } = project(["TIMED_OUT"], {
      start: async () => build("b:1", "TIMED_OUT", { log: undefined }),
      lastLines: () => assert.fail("there is no log"),
    });
    assert.equal(
      await messageOf(buildImage({ source: SOURCE }, ports)),
      "The web app's image was not built: build b:1 ended with TIMED_OUT.",
    );
  });

  it("reports why a build ended, even if its log is empty or cannot be read", async () => {
    const failed = "The web app's image was not built: build b:1 ended with FAILED.";
    const empty = project(["FAILED"], { lastLines: async () => [] });
    assert.equal(await messageOf(buildImage({ source: SOURCE }, empty.ports)), failed);
    const closed = project(["FAILED"], { lastLines: () => Promise.reject(new Error("no such group")) });
    assert.equal(
      await messageOf(buildImage({ source: SOURCE }, closed.ports)),
      `${failed}\nIts log, web-build 1, could not be read: no such group`,
    );
  });

  it("fails if the build has pushed nothing", async () => {
    const { ports } = project(["SUCCEEDED"], { digest: async () => undefined });
    assert.match(await messageOf(buildImage({ source: SOURCE }, ports)), /b:1 .* ended well and pushed none/);
  });

  it("says what to do if CodeBuild accepts no build from a new account", async () => {
    const refusal = awsError("AccountLimitExceededException", "Cannot have more than 0 builds in queue");
    const { ports } = project([], { start: () => Promise.reject(refusal) });
    const message = await messageOf(buildImage({ source: SOURCE }, ports));
    assert.match(message, /AccountLimitExceededException: Cannot have more than 0 builds in queue\. A new/);
    assert.match(message, /builder: docker/);
    const other = project([], { start: () => Promise.reject(awsError("InvalidInputException", "no such")) });
    assert.match(
      await messageOf(buildImage({ source: SOURCE }, other.ports)),
      /InvalidInputException: no such\. With the setting builder: docker/,
    );
  });

  it("retries while IAM does not know its permissions yet, but not forever", async () => {
    const denied = awsError("AccessDeniedException");
    let refusals = 2;
    const { ports, calls } = project([], {
      start: async () => {
        if (refusals-- > 0) throw denied;
        return build("b:1", "SUCCEEDED");
      },
    });
    await buildImage({ source: SOURCE }, ports);
    assert.deepEqual(calls, ["pause", "pause"]);
    const never = project([], { newest: () => Promise.reject(denied) });
    await assert.rejects(buildImage({ source: SOURCE }, never.ports), denied);
    assert.equal(never.calls.length, 5);
  });
});

describe("the web app's image in CodeBuild and ECR", () => {
  const of = (answers: object) => {
    const { client, calls } = recordedClient(answers as Record<string, unknown>);
    const clients = { builds: client, registry: client, logs: client };
    return {
      calls,
      images: codebuildImages(clients, { name: "web-build", repositoryName: "web", tag: "pinned-web" }),
    };
  };
  const told = {
    id: "web-build:1",
    buildStatus: "FAILED",
    source: { location: SOURCE },
    phases: [
      { phaseType: "DOWNLOAD_SOURCE", contexts: [{ statusCode: "", message: "" }] },
      { phaseType: "BUILD", contexts: [{ statusCode: "COMMAND_EXECUTION_ERROR", message: "exit status 1" }] },
      { phaseType: "COMPLETED" },
    ],
    logs: { groupName: "web-build", streamName: "1" },
  };
  const known = build("web-build:1", "FAILED", { faults: ["BUILD: COMMAND_EXECUTION_ERROR: exit status 1"] });

  it("is the newest build of the project, with its failures", async () => {
    const { images, calls } = of({
      ListBuildsForProject: { ids: ["web-build:1"] },
      BatchGetBuilds: { builds: [told] },
    });
    assert.deepEqual(await images.newest(), known);
    assert.deepEqual(calls, [
      ["ListBuildsForProject", { projectName: "web-build", sortOrder: "DESCENDING" }],
      ["BatchGetBuilds", { ids: ["web-build:1"] }],
    ]);
    for (const none of [{ ids: [] }, {}])
      assert.equal(await of({ ListBuildsForProject: none }).images.newest(), undefined);
  });

  it("is reported even if CodeBuild knows little about a build yet", async () => {
    const bare = { id: "web-build:2", buildStatus: "IN_PROGRESS" };
    const little = build(bare.id, bare.buildStatus, { source: "", log: undefined });
    const contexts = [{ message: "no room" }];
    for (const [more, told] of [
      [{}, little],
      [{ source: {}, logs: { groupName: "web-build" } }, little],
      [{ logs: { streamName: "1" } }, little],
      [{ phases: [{ phaseType: "QUEUED", contexts }] }, { ...little, faults: ["QUEUED: no room"] }],
    ] as const) {
      const { images } = of({ BatchGetBuilds: { builds: [{ ...bare, ...more }] } });
      assert.deepEqual(await images.look(bare.id), told);
    }
  });

  it("is polled every few seconds, not at once", async () => {
    const { waits } = await waitsOf(() => of({}).images.pause());
    assert.deepEqual(waits, [5_000]);
  });

  it("is started by the project's own settings", async () => {
    const { images, calls } = of({ StartBuild: { build: { ...told, logs: {} } } });
    assert.deepEqual(await images.start(), { ...known, log: undefined });
    assert.deepEqual(calls, [["StartBuild", { projectName: "web-build" }]]);
  });

  it("refuses to wait for a build that CodeBuild does not know", async () => {
    await assert.rejects(of({ BatchGetBuilds: {} }).images.look("web-build:9"), /knows no build web-build:9/);
  });

  it("has the newest lines of its log, without the empty ones", async () => {
    const { images, calls } = of({ GetLogEvents: { events: [{ message: "one\n" }, { message: "\n" }, {}] } });
    assert.deepEqual(await images.lastLines(LOG), ["one"]);
    const asked = { logGroupName: "web-build", logStreamName: "1", limit: 30, startFromHead: false };
    assert.deepEqual(calls, [["GetLogEvents", asked]]);
    assert.deepEqual(await of({ GetLogEvents: {} }).images.lastLines(LOG), []);
  });

  it("is found in the registry by the pushed tag", async () => {
    const { images, calls } = of({ DescribeImages: { imageDetails: [{ imageDigest: DIGEST }] } });
    assert.equal(await images.digest(), DIGEST);
    const asked = { repositoryName: "web", imageIds: [{ imageTag: "pinned-web" }] };
    assert.deepEqual(calls, [["DescribeImages", asked]]);
    for (const none of [awsError("ImageNotFoundException"), { imageDetails: [] }, {}])
      assert.equal(await of({ DescribeImages: none }).images.digest(), undefined);
    const denied = awsError("AccessDeniedException");
    await assert.rejects(of({ DescribeImages: denied }).images.digest(), denied);
  });
});
