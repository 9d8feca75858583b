// What the guide promises of `transforms`: they reach every child of every component.
import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components";
import { run } from "../harness";
import { some } from "../some";
import { EXAMPLES, exampleProgram } from "./example";

/** What the examples make themselves, beside components. */
const OF_THEIR_OWN: Record<string, string[]> = {
  "own-servers": [
    "aws:ec2/instance:Instance server",
    "aws:ec2/securityGroup:SecurityGroup server",
    "aws:lb/targetGroupAttachment:TargetGroupAttachment server",
  ],
  "sensitive-files": ["aws:kms/key:Key sensitive"],
};

const identity = ({ type, name }: { type: string; name: string }) => `${type} ${name}`;

/** What a transform on each component of a program sees, and what the program declares in all. */
async function seenIn(example: string, config?: Record<string, unknown>) {
  const seen: string[] = [];
  const see: pulumi.ResourceTransform = (args) => {
    seen.push(identity(args));
    return undefined;
  };
  const program = exampleProgram(example);
  const { resources } = await run(
    () => {
      addTo(({ type, opts }) => !opts.parent && type.startsWith("groundwork:"), see);
      return program();
    },
    { config },
  );
  return { seen: seen.sort(), declared: resources.map(identity) };
}

/** Adds a transform to resources as their program would: before the mocks look at their options. */
function addTo(
  wanted: (args: pulumi.ResourceTransformationArgs) => boolean,
  transform: pulumi.ResourceTransform,
) {
  const add: pulumi.ResourceTransformation = (args) => {
    const { props, opts } = args;
    return wanted(args)
      ? { props, opts: { ...opts, transforms: [...(opts.transforms ?? []), transform] } }
      : undefined;
  };
  const { __transformations } = pulumi.runtime.getStackResource() as unknown as {
    __transformations: pulumi.ResourceTransformation[];
  };
  __transformations.unshift(add);
}

describe("transforms on components", () => {
  const made = new Set<string>();

  for (const example of some(EXAMPLES))
    for (const kind of some(example === "database" ? ["nodes", "managed"] : [undefined]))
      it(`reach every resource of ${example} that a component declares${kind ? `: ${kind}` : ""}`, async () => {
        const { seen, declared } = await seenIn(example, { kind });
        for (const one of declared) made.add(one.split(" ")[0]!);
        const own = OF_THEIR_OWN[example] ?? [];
        assert.deepEqual(seen, declared.filter((one) => !own.includes(one)).sort());
      });

  it("are tested on every public component", () => {
    const all = Object.values<unknown>(components)
      .filter((one) => typeof one === "function" && one.prototype instanceof pulumi.ComponentResource)
      .map((one) => `groundwork:index:${(one as { name: string }).name}`);
    assert.deepEqual(
      some(all).filter((type) => !made.has(type)),
      [],
    );
  });

  it("change a property, an option and a nested value, in their own example", async () => {
    const { one } = await run(exampleProgram("transforms"));
    assert.equal(one("ec2/flowLog:FlowLog").inputs.maxAggregationInterval, 600);
    const { rules } = one("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs;
    assert.deepEqual(
      rules.map(({ id }: { id: string }) => id),
      ["clean-up", "archive"],
    );
  });
});
