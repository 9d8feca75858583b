import { strict as assert } from "node:assert";
import { moveObject } from "../../../functions/uploads/move-object";
import { rangesOf, SINGLE_COPY_LIMIT } from "../../../functions/uploads/part-plan";
import { isSensitive } from "../../../functions/uploads/sensitive-tag";
import type { CopyRequest, Proof, Store } from "../../../functions/uploads/store";

const GIB = 1024 ** 3;
const SHA: Proof["checksum"] = { algorithm: "SHA256", value: "x", composite: false };

interface Rig {
  /** Tags of the versions, newest first. */
  versions?: Record<string, string>;
  markers?: string[];
  isDeleted?: boolean;
  source?: Proof;
  copied?: Proof;
  /** What the sensitive bucket says to each copy in turn. @default it takes it */
  taken?: boolean[];
  metadata?: Record<string, string>;
}

/** Two buckets, as scripted as the test wants them. */
function rig({ versions = { v1: "sensitive" }, markers = [], metadata = {}, ...more }: Rig = {}) {
  const removed: string[] = [];
  const copies: CopyRequest[] = [];
  const taken = [...(more.taken ?? [])];
  const { source = { checksum: SHA }, copied = source, isDeleted = false } = more;
  const store: Store = {
    history: async () => ({ versions: Object.keys(versions), markers, isDeleted }),
    tags: async (_, version) => [{ Key: versions[version], Value: "" }],
    describe: async () => ({ size: 4, headers: {}, metadata, ...source }),
    copy: async (request) => {
      copies.push(request);
      return (taken.shift() ?? true) ? { versionId: "s", ...copied } : undefined;
    },
    sensitiveSize: async () => 4,
    remove: async (_, version) => void removed.push(version),
    hide: async () => void removed.push("hidden"),
  };
  return { store, removed, copies };
}

describe("the proof that a copy holds the same bytes", () => {
  const accepted: [string, Proof, Proof][] = [
    ["one checksum", { checksum: SHA }, { checksum: { ...SHA! } }],
    ["one checksum under two ETags", { checksum: SHA, etag: "a" }, { checksum: SHA, etag: "b" }],
    ["one ETag without checksums", { etag: "a" }, { etag: "a" }],
    ["one ETag where only the original has a checksum", { checksum: SHA, etag: "a" }, { etag: "a" }],
    ["one ETag where only the copy has a checksum", { etag: "a" }, { checksum: SHA, etag: "a" }],
  ];
  for (const [title, source, copied] of accepted)
    it(`is ${title}`, async () => {
      const { store, removed } = rig({ source, copied });
      await moveObject(store, "a");
      assert.deepEqual(removed, ["v1"]);
    });

  const refused: [string, Proof, Proof][] = [
    ["another value", { checksum: SHA, etag: "a" }, { checksum: { ...SHA!, value: "y" }, etag: "a" }],
    [
      "another algorithm",
      { checksum: SHA, etag: "a" },
      { checksum: { ...SHA!, algorithm: "SHA1" }, etag: "a" },
    ],
    ["another ETag", { etag: "a" }, { etag: "b" }],
    ["no ETag of the copy's", { etag: "a" }, {}],
    ["no ETag of the original's", {}, { etag: "a" }],
    ["nothing at all", {}, {}],
  ];
  for (const [title, source, copied] of refused)
    it(`refuses ${title}, and deletes nothing`, async () => {
      const { store, removed } = rig({ source, copied });
      await assert.rejects(moveObject(store, "a"), { message: 'the copy of "a" has another checksum' });
      assert.deepEqual(removed, []);
    });

  it("refuses another size, and deletes nothing", async () => {
    const { store, removed } = rig();
    store.sensitiveSize = async () => 3;
    await assert.rejects(moveObject(store, 'a"b'), { message: 'the copy of "a\\"b" has 3 bytes and not 4' });
    assert.deepEqual(removed, []);
  });

  it("is requested for the version that was just written", async () => {
    const { store } = rig();
    const asked: unknown[] = [];
    store.sensitiveSize = async (...words) => asked.push(words) * 4;
    await moveObject(store, "a");
    assert.deepEqual(asked, [["a", "s"]]);
  });
});

describe("what is left of a key", () => {
  it("is nothing, not even markers, once its newest version has moved", async () => {
    const { store, removed } = rig({ versions: { v2: "sensitive", v1: "" }, markers: ["m1", "m2"] });
    assert.deepEqual(await moveObject(store, "a"), { outcome: "moved", versions: 2 });
    assert.deepEqual(removed, ["v1", "v2", "m1", "m2"]);
  });

  it("is also deleted in the other bucket if it was deleted, before its last version goes", async () => {
    const versions = { v2: "sensitive", v1: "" };
    const { store, removed } = rig({ versions, markers: ["m1"], isDeleted: true });
    await moveObject(store, "a");
    assert.deepEqual(removed, ["v1", "hidden", "v2", "m1"]);
  });

  it("is a newer version, with the markers that may hide it", async () => {
    const { store, removed } = rig({ versions: { v2: "", v1: "sensitive" }, markers: ["m1"] });
    assert.deepEqual(await moveObject(store, "a"), { outcome: "moved", versions: 1 });
    assert.deepEqual(removed, ["v1"]);
  });

  it("is everything if no version is sensitive", async () => {
    const { store, removed, copies } = rig({ versions: { v1: "" }, markers: ["m1"] });
    assert.deepEqual(await moveObject(store, "a"), { outcome: "left", versions: 0 });
    assert.deepEqual([removed, copies], [[], []]);
  });

  it("is its markers if there are no versions", async () => {
    const { store, removed } = rig({ versions: {}, markers: ["m1"] });
    assert.deepEqual(await moveObject(store, "a"), { outcome: "gone", versions: 0 });
    assert.deepEqual(removed, []);
  });
});

describe("the copies of a key's versions", () => {
  it("overwrite nothing at first, and then each other", async () => {
    const { store, copies } = rig({ versions: { v3: "sensitive", v2: "", v1: "" } });
    await moveObject(store, "a");
    assert.deepEqual(
      copies.map(({ versionId, onlyIfAbsent }) => [versionId, onlyIfAbsent]),
      [
        ["v1", true],
        ["v2", false],
        ["v3", false],
      ],
    );
  });

  it("overwrite what exists once the key was checked again", async () => {
    const { store, copies, removed } = rig({ versions: { v2: "sensitive", v1: "" }, taken: [false] });
    assert.deepEqual(await moveObject(store, "a"), { outcome: "moved", versions: 2 });
    assert.deepEqual(
      copies.map(({ versionId, onlyIfAbsent }) => [versionId, onlyIfAbsent]),
      [
        ["v1", true],
        ["v1", false],
        ["v2", false],
      ],
    );
    assert.deepEqual(removed, ["v1", "v2"]);
  });

  it("note their version in the metadata while S3 has room for it", async () => {
    const noted = async (metadata: Record<string, string>) => {
      const { store, copies } = rig({ metadata });
      await moveObject(store, "a");
      return "moved-version" in copies[0]!.metadata;
    };
    const room = 2_048 - "moved-versionv1owner".length;
    assert.equal(await noted({ owner: "x".repeat(room) }), true);
    assert.equal(await noted({ owner: "x".repeat(room + 1) }), false);
    assert.equal(await noted({ owner: "ü".repeat(room / 2) }), true);
    assert.equal(await noted({ owner: "ü".repeat(room / 2 + 1) }), false);
  });
});

describe("the plan of a copy in parts", () => {
  it("has parts of half a GiB, or larger ones if there would be more than 10,000", () => {
    assert.equal(SINGLE_COPY_LIMIT, 5 * GIB);
    assert.deepEqual(rangesOf(GIB / 2), [`bytes=0-${GIB / 2 - 1}`]);
    assert.deepEqual(rangesOf(GIB / 2 + 1), [`bytes=0-${GIB / 2 - 1}`, `bytes=${GIB / 2}-${GIB / 2}`]);
    const most = 10_000 * (GIB / 2);
    assert.equal(rangesOf(most).length, 10_000);
    assert.deepEqual(rangesOf(most + 1).slice(0, 1), [`bytes=0-${GIB / 2}`]);
    assert.deepEqual(rangesOf(0), []);
  });
});

describe("a tag without a key or without a value", () => {
  it("is read as if it were empty", () => {
    assert.equal(isSensitive([{ Key: "sensitive" }]), true);
    assert.equal(isSensitive([{ Value: "sensitive" }]), true);
    assert.equal(isSensitive([{}]), false);
  });
});
