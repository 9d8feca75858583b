import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { SERVICES } from "../../sandbox/emulators/services";
import { OWN, servicesTable, typesTable, withTables } from "./sandbox-page";

const PAGE = path.join(__dirname, "../../docs/sandbox.md");

describe("docs/sandbox.md", () => {
  it("has tables that match the sandbox's code (UPDATE_INVENTORY=1 writes them anew)", () => {
    const page = fs.readFileSync(PAGE, "utf8");
    const due = withTables(page);
    if (process.env.UPDATE_INVENTORY) fs.writeFileSync(PAGE, due);
    else assert.equal(page, due);
  });

  it("counts as the sandbox's own what no emulator is asked for", () => {
    const own = Object.entries(SERVICES).filter(([, one]) => "proxied" in one && !one.proxied);
    assert.deepEqual(own.map(([name]) => name).sort(), Object.keys(OWN).sort());
  });

  it("names who answers for each service, and what each change replaces", () => {
    assert.match(servicesTable(), /^\| MiniStack \| judged \| .*`dynamodb`/m);
    assert.match(servicesTable(), /^\| moto \| not judged \| .*`ec2`/m);
    assert.match(typesTable(), /^\| `aws\.autoscaling` \| `Group`, `Policy` \| - \| - \|$/m);
  });
});
