// Each resource that AWS lets bear tags says whose it is: bills are told apart by it, and `npm run verify -- --full` looks for what is left.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Declared } from "../../policies/declared";
import { stackTags } from "../../stacks/tags";
import { runStack } from "../harness";
import { some } from "../some";
import { STACKS, stackView } from "./stacks";

const AWS = path.dirname(require.resolve("@pulumi/aws/package.json"));
const GROUP = "aws:autoscaling/group:Group";

/** Whether the provider's own arguments of a type have tags: `aws:ec2/vpc:Vpc` has them in `ec2/vpc.d.ts`. */
function takesTags(type: string): boolean {
  if (type === "awsx:ecr:Repository") return true;
  const [, file] = /^aws:(.+):\w+$/.exec(type) ?? [];
  if (!file) return false;
  const text = fs.readFileSync(path.join(AWS, `${file}.d.ts`), "utf8");
  const [, args] = /export interface \w+Args \{([^]*?)\n\}/.exec(text)!;
  return /^ {4}tags\?:/m.test(args!);
}

interface GroupTag {
  key: string;
  value: string;
  propagateAtLaunch: boolean;
}

function tagsOf({ type, inputs }: Declared): Record<string, string> {
  if (type !== GROUP) return (inputs.tags ?? {}) as Record<string, string>;
  const handedOn = (inputs.tags as GroupTag[]).filter(({ propagateAtLaunch }) => propagateAtLaunch);
  return Object.fromEntries(handedOn.map(({ key, value }) => [key, value]));
}

describe("the tags of every stack", () => {
  for (const stack of some(STACKS))
    it(`${stack}: each resource that can have tags says which stack it belongs to`, async () => {
      const { resources, environment } = await stackView(stack);
      const due = {
        "platform:project": "groundwork",
        "platform:stack": stack,
        "platform:environment": environment,
      };
      const tagged = some(resources.filter(({ type }) => takesTags(type)));
      for (const resource of tagged)
        assert.deepEqual(
          { ...tagsOf(resource), ...due },
          tagsOf(resource),
          `${resource.type} ${resource.name}`,
        );
    });

  it("have keys that the provisioner does not select by, so no platform machine counts as a project's", () => {
    const folder = path.join(__dirname, "../../components/provisioner");
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
    const texts = some(files.filter((file) => /\.(ts|yaml)$/.test(file))).map((file) =>
      fs.readFileSync(path.join(folder, file), "utf8"),
    );
    for (const key of some(Object.keys(stackTags("dev"))))
      assert.ok(!texts.some((text) => text.includes(key)), key);
  });

  it("keep a resource's own tags, such as its name", async () => {
    const { resources } = await stackView("dev");
    const names = resources
      .filter(({ type }) => type === "aws:ec2/subnet:Subnet")
      .map(({ name, inputs }) => [name, inputs.tags.Name]);
    for (const [name, tag] of some(names)) assert.equal(tag, name);
  });

  it("of a group are passed on to its machines, with the provider's default tags, which it puts on everything else", async () => {
    const tags = { "groundwork-verify": "run", "platform:stack": "nobody's" };
    const { all, one } = await runStack("first", { config: { "aws:defaultTags": { tags } } });
    const [group] = all("autoscaling/group:Group");
    const { "groundwork-verify": run, "platform:stack": stack } = tagsOf(group!);
    assert.deepEqual([run, stack], ["run", "first"]);
    assert.equal(tagsOf(one("ec2/vpc:Vpc"))["groundwork-verify"], undefined);
  });
});
