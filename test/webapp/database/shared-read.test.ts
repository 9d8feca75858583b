import assert from "node:assert/strict";
import { shareReads } from "../../../webapp/database/shared-read";

/** Reads that end when told to, in the order in which they began. */
function controlled() {
  const begun: { key: string; finish: (answer: string) => void; fail: (error: Error) => void }[] = [];
  const read = shareReads(
    (key) => new Promise<string>((finish, fail) => void begun.push({ key, finish, fail })),
  );
  return { begun, read };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("shared reads", () => {
  it("answer all callers that arrive during a read with one more read, begun after they asked", async () => {
    const { begun, read } = controlled();
    const first = read("a");
    const later = [read("a"), read("a"), read("a")];
    assert.equal(begun.length, 1);
    begun[0]!.finish("old");
    assert.equal(await first, "old");
    await settle();
    assert.equal(begun.length, 2);
    begun[1]!.finish("new");
    assert.deepEqual(await Promise.all(later), ["new", "new", "new"]);
  });

  it("keep different questions apart", async () => {
    const { begun, read } = controlled();
    const answers = [read("a"), read("b")];
    assert.deepEqual(
      begun.map(({ key }) => key),
      ["a", "b"],
    );
    begun[1]!.finish("B");
    begun[0]!.finish("A");
    assert.deepEqual(await Promise.all(answers), ["A", "B"]);
  });

  it("read again once nobody waits", async () => {
    const { begun, read } = controlled();
    void read("a");
    begun[0]!.finish("old");
    await settle();
    void read("a");
    assert.equal(begun.length, 2);
  });

  it("report a failure to those who asked, and to nobody after", async () => {
    const { begun, read } = controlled();
    const first = read("a");
    const second = read("a");
    begun[0]!.fail(new Error("away"));
    await assert.rejects(first, /away/);
    await settle();
    begun[1]!.finish("back");
    assert.equal(await second, "back");
  });
});
