// What a project may go back to, over a history of pushes: the real port on an ECR in memory, which clears away by the template's own rules.
import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { releasesIn } from "../../../functions/provisioner/aws/releases";
import { KEPT } from "../../../functions/provisioner/releases";
import { readTemplate } from "../../components/provisioner/template-files";
import { CountingRule, expired, rulesIn } from "../../ecr-lifecycle";
import { logged } from "../logged";
import { awsError, recordedClient } from "../recorded-client";
import { MEMBER, ready, serve, world } from "./world";

const policy = readTemplate("server").Resources["Images"]!.Properties.LifecyclePolicy.LifecyclePolicyText;
const RULES = rulesIn(policy);
/** As it was before, by pushes alone. */
const BY_PUSHES: CountingRule[] = [{ tagStatus: "any", keeps: 5 }];
const GROUP = { Group: "group-1", Images: "images-1", Scheme: "http" };

interface Image {
  digest: string;
  tags: string[];
}

/** One repository, as far as the port asks. A tag is on one image; one that is put on another is taken off the first. */
function ecrInMemory(rules: CountingRule[]) {
  const images: Image[] = [];
  const named = (wanted: string) =>
    images.find(({ digest, tags }) => digest === wanted || tags.includes(wanted));
  const tag = (image: Image, name: string) => {
    for (const each of images) each.tags = each.tags.filter((other) => other !== name);
    image.tags.push(name);
  };
  const detail = ({ digest: imageDigest, tags: imageTags }: Image) => ({ imageDigest, imageTags });
  const { client, calls } = recordedClient({
    DescribeImages: ({ imageIds }: { imageIds?: { imageTag: string }[] }) => {
      if (!imageIds) return { imageDetails: images.map(detail) };
      const found = named(imageIds[0]!.imageTag);
      return found ? { imageDetails: [detail(found)] } : awsError("ImageNotFoundException");
    },
    BatchGetImage: ({ imageIds: [wanted] }: { imageIds: { imageDigest: string }[] }) => ({
      images: named(wanted!.imageDigest) ? [{ imageManifest: wanted!.imageDigest }] : [],
    }),
    PutImage: ({ imageManifest, imageTag }: { imageManifest: string; imageTag: string }) => {
      const image = named(imageManifest)!;
      if (image.tags.includes(imageTag)) return awsError("ImageAlreadyExistsException");
      tag(image, imageTag);
      return {};
    },
  });
  return {
    ...{ client, calls, images, named },
    push: (digest: string, name: string) => {
      images.push({ digest, tags: [] });
      tag(images.at(-1)!, name);
      for (const old of expired(rules, images)) images.splice(images.indexOf(old), 1);
    },
  };
}

type Deed = "serves" | "fails" | "is not prepared" | "back";

/** A project's life so far: what each of its builds, and of the requests for the release before, came to. */
async function lived(deeds: Deed[], rules = RULES, w = world()) {
  const ecr = ecrInMemory(rules);
  w.stepPorts.releases = releasesIn(ecr.client, recordedClient().client);
  w.addresses.set("group-1", "192.0.2.7");
  w.aws.replacing = "done";
  ecr.push("i1", "latest");
  const id = await ready(w, { type: "realtime", stack: "node" }, GROUP);
  const settle = async () => {
    await w.step("update", id, "t-up");
    assert.deepEqual(await w.step("deliver", id, "t-deliver"), { ok: true });
    await w.look(id);
    await serve(w, id);
    await w.step("finish", id);
  };
  const back = async () => {
    const { status } = await w.call(MEMBER, "POST", "/projects/{id}/rollback", { id });
    if (status === 202) await settle();
  };
  const build = async (deed: Deed, image: string) => {
    await w.call(MEMBER, "PATCH", "/projects/{id}", { id, body: { rebuild: true } });
    // Where a release command fails, no server fetches the image by itself.
    ecr.push(image, deed === "is not prepared" ? "next" : "latest");
    if (deed === "serves") return settle();
    w.edit(id, { failure: { step: "serve", code: "serve", reason: "It answers 500." } });
    await w.step("keep", id);
    if (w.record(id)!.state === "updating") await settle();
  };
  let wanted = ["i1"];
  const live = async (deed: Deed, image: string) => {
    if (deed === "serves") wanted = [image, ...wanted].slice(0, KEPT);
    if (deed === "back" && wanted.length > 1) wanted = wanted.slice(1);
    await (deed === "back" ? back() : build(deed, image));
    const { releases, state } = w.record(id)!;
    assert.deepEqual([state, releases], ["ready", wanted]);
    assert.ok(wanted.every(ecr.named), `some of ${wanted.join(", ")} are gone`);
    assert.equal(ecr.named("latest")!.digest, wanted[0], "what servers fetch is the release that runs");
  };
  for (const [count, deed] of deeds.entries()) await live(deed, `i${count + 2}`);
  return { w, id, ecr, releases: wanted };
}

const times = (count: number, deed: Deed) => Array.from({ length: count }, () => deed);

describe("the images of a project's releases", () => {
  it("exist as long as the releases are kept, whatever is built and given up in between", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Deed>("serves", "fails", "is not prepared", "back"), { maxLength: 40 }),
        async (deeds) => {
          const { ecr } = await lived(deeds);
          // And no more than the releases, the newest pushes, and what waits for its release command.
          assert.ok(ecr.images.length <= 2 * KEPT + 1);
        },
      ),
      { numRuns: 60 },
    ));

  it("outlive twelve failed builds in a row, after which a rollback to the previous release is still possible", async () => {
    const { releases, ecr } = await lived(["serves", ...times(12, "fails"), "back"]);
    assert.deepEqual([releases, ecr.named("latest")!.digest], [["i1"], "i1"]);
  });

  it("outlive releases that served and were rolled back", async () => {
    const rounds = times(9, "serves").flatMap((serves): Deed[] => [serves, "back"]);
    assert.deepEqual((await lived(["serves", ...rounds])).releases, ["i2", "i1"]);
  });

  it("would not outlive them with a rule that only counts pushes", async () => {
    await assert.rejects(lived(["serves", ...times(12, "fails")], BY_PUSHES), /actual - expected[^]*- +'i1'/);
    await assert.rejects(
      lived(["serves", ...times(12, "is not prepared")], BY_PUSHES),
      /some of i2, i1 are gone/,
    );
  });

  it("each have a tag that the rules know, which moves to a new release from one that is given up", async () => {
    const { ecr } = await lived([...times(5, "serves"), "back", "serves"]);
    assert.deepEqual(
      ecr.images.map(({ digest, tags }) => [digest, tags.filter((tag) => tag.startsWith("kept-")).length]),
      [
        ["i2", 1],
        ["i3", 1],
        ["i4", 1],
        ["i5", 1],
        ["i6", 0],
        ["i8", 1],
      ],
    );
    assert.deepEqual(
      RULES.map(({ tagPrefixList, keeps }) => [tagPrefixList?.[0], keeps]),
      [
        ["latest", 1],
        ["kept-", KEPT],
        [undefined, 5],
      ],
    );
  });

  it("are tagged by the next update if that failed, which stops nothing", async () => {
    const w = world();
    const { ecr, id } = await lived([], RULES, w);
    const { keep } = w.stepPorts.releases;
    w.stepPorts.releases.keep = async () => {
      throw new Error("ECR is not to be had");
    };
    await logged(() => w.step("finish", id));
    assert.deepEqual([w.record(id)!.state, w.record(id)!.releases], ["ready", ["i1"]]);
    ecr.named("i1")!.tags = ["latest"];
    w.stepPorts.releases.keep = keep;
    await w.step("finish", id);
    assert.equal(ecr.named("i1")!.tags.length, 2);
  });

  it("no longer count as releases once they are gone", async () => {
    const w = world();
    const { ecr, id } = await lived(["serves", "serves"], RULES, w);
    ecr.images.splice(0, 1);
    await w.step("finish", id);
    assert.deepEqual(w.record(id)!.releases, ["i3", "i2"]);
  });
});
