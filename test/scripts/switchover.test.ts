import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import * as path from "node:path";

const ROOT = path.join(__dirname, "../..");

function switchover(...words: string[]) {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", "switchover", "--", ...words], {
    cwd: ROOT,
    encoding: "utf8",
    // Nothing listens on port 1: whatever is asked of AWS is refused at once.
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "none",
      AWS_SECRET_ACCESS_KEY: "none",
      AWS_MAX_ATTEMPTS: "1",
    },
  });
  return { status, stdout, lines: stderr.split("\n").filter((line) => line && !line.startsWith("npm ")) };
}

describe("npm run switchover", function () {
  this.timeout(60_000);

  it("refuses to guess which database, and says which arguments it needs", () => {
    const { status, lines } = switchover("lease-table");
    assert.equal(status, 2);
    assert.ok(lines.some((line) => line.startsWith("switchover <table> <region> <key> <instance>")));
  });

  it("refuses in one line if AWS cannot be reached", () => {
    const { status, lines } = switchover("lease-table", "eu-west-1", "database", "i-0123456789abcdef0");
    assert.equal(status, 1);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0]!, /ECONNREFUSED/);
  });
});
