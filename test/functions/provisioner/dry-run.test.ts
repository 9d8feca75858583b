import { strict as assert } from "node:assert";
import { logged } from "../logged";
import { MEMBER, wish, world } from "./world";

describe("what a dry run says of e-mails", () => {
  const run = (w: ReturnType<typeof world>) =>
    w.call(MEMBER, "POST", "/projects", { body: wish(), query: { dryRun: "1" } });

  it("is nothing where they arrive, and why none would where they do not", async () => {
    const w = world();
    assert.equal((await run(w)).body.mail, undefined);
    w.aws.mailReaches = false;
    assert.equal(
      (await run(w)).body.mail,
      "No e-mail will reach team@example.org: SES still has this account in its sandbox, where an address must be verified first. The console shows what the e-mails would say.",
    );
  });

  it("is nothing, and no reason against the project, where SES cannot be asked", async () => {
    const w = world();
    w.aws.broken.add("mailReaches");
    const { result, lines } = await logged(() => run(w));
    assert.deepEqual([result.status, result.body.mail], [200, undefined]);
    assert.deepEqual(
      lines.map(({ what }) => what),
      ["mail reaches"],
    );
  });
});
