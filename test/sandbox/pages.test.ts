import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { everyPage } from "../../sandbox/engine/pages";
import { root } from "../../sandbox/paths";

describe("the sandbox reads lists", () => {
  const SERVICES: [string, string, string][] = [
    ["EC2", "NextToken", "NextToken"],
    ["CodeBuild", "nextToken", "nextToken"],
    ["Elastic Load Balancing", "NextMarker", "Marker"],
    ["S3", "NextContinuationToken", "ContinuationToken"],
  ];
  for (const [service, given, asked] of SERVICES)
    it(`to their last page, as ${service} names it`, async () => {
      const pages = [{ items: [1, 2], [given]: "b" }, { [given]: "c" }, { items: [3], [given]: "" }];
      const calls: object[] = [];
      const all = await everyPage(
        async (from) => {
          calls.push(from);
          return pages[calls.length - 1]! as { items?: number[] };
        },
        (page) => page.items,
      );
      assert.deepEqual(all, [1, 2, 3]);
      assert.deepEqual(calls, [{}, { [asked]: "b" }, { [asked]: "c" }]);
    });

  it("to their last page everywhere, unless it asks for things by name", () => {
    const paged = pagedCalls();
    assert.ok(paged.has("describeInstances") && paged.has("listSubscriptions"));
    const single =
      /^\([^)]*\b(\w*Ids?|Names|Filters|PolicyNames|AlarmNames|AutoScalingGroupNames|StackName|Versions)\b/;
    const found = filesIn(path.join(root, "sandbox")).flatMap((file) => {
      const text = fs.readFileSync(file, "utf8");
      const calls = [...text.matchAll(/\b(?!postgres\.)\w+\.(\w+)(?=\()/g)].filter(([, name]) =>
        paged.has(name!),
      );
      return calls.map((call) => ({
        where: `${path.relative(root, file)}: ${call[0]}`,
        whole: /everyPage\(\s*\(from\) =>\s*$/.test(text.slice(0, call.index)),
        single: single.test(text.slice(call.index + call[0].length)),
      }));
    });
    assert.ok(found.filter(({ whole }) => whole).length > 10);
    assert.deepEqual(
      found.filter(({ whole, single }) => !whole && !single).map(({ where }) => where),
      [],
    );
  });
});

/** The calls whose answers come in pages: those of which the SDK knows, and those of EventBridge, of which it does not. */
function pagedCalls(): Set<string> {
  const clients = path.join(root, "node_modules", "@aws-sdk");
  const names = fs.readdirSync(clients).flatMap((client) => {
    const folder = path.join(clients, client, "dist-types", "pagination");
    const files = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return files.flatMap((file) => /^(\w+)Paginator\.d\.ts$/.exec(file)?.[1] ?? []);
  });
  const calls = names.map((name) => name[0]!.toLowerCase() + name.slice(1));
  return new Set([...calls, "listRules", "listTargetsByRule"]);
}

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .flatMap((name) => (name.endsWith(".ts") ? [path.join(folder, name)] : []));
}
