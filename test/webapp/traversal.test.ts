import assert from "node:assert/strict";
import path from "node:path";
import { publicFolder } from "../../webapp/paths";
import { some } from "../some";
import { rawGet, secretOf, waysOut } from "../traversal";
import { start } from "./helper";

describe("the page's own files", () => {
  const beside = path.join(publicFolder, "../server.ts");
  const above = path.join(publicFolder, "../../package.json");
  const secrets = [beside, above, "/etc/passwd"].map(secretOf);

  it("refuses every way out of their folder, and goes on serving", async () => {
    const { app, lines } = await start();
    const port = Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
    const ways = ["server.ts", "package.json", "etc/passwd"].flatMap((file) =>
      ["/assets/", "/", "/docs/", "/docs/static/"].flatMap((prefix) => waysOut(prefix, file, "/etc/passwd")),
    );
    for (const target of some(ways)) {
      const { status, answer } = await rawGet(port, target);
      for (const secret of some(secrets)) assert.equal(answer.includes(secret), false, target);
      assert.ok(status < 500, `${JSON.stringify(target)} is answered with ${status}`);
      assert.doesNotMatch(answer, /node_modules|\n\s+at /, `${target} tells of the inside`);
    }
    assert.equal((await rawGet(port, "/assets/app.css")).status, 200);
    assert.deepEqual(
      lines.filter(({ level }) => level === "error"),
      [],
    );
  });
});
