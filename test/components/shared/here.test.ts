import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { here } from "../../../components/shared/here";
import { valueOf } from "../../harness";
import { answerCall } from "../../../components/testing/answers";

class Thing extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Thing", name);
  }
}

/** What a program asks AWS for. */
async function lookedUp(program: () => void | Promise<void>): Promise<string[]> {
  const calls: string[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: (args) => {
      calls.push(args.token.split(":").pop()!);
      return answerCall(args);
    },
  });
  await pulumi.runtime.runInPulumiStack(async () => {
    await program();
    return {};
  });
  await pulumi.runtime.disconnect();
  return calls.sort();
}

const BOTH = ["getCallerIdentity", "getRegion"];

describe("the region and account of a component's children", () => {
  it("are looked up once per component, however often they are needed", async () => {
    const calls = await lookedUp(() => {
      const parent = new Thing("one");
      assert.equal(here({ parent }), here({ parent }));
      here({ parent }).arn("ec2", "instance/*");
    });
    assert.deepEqual(calls, BOTH);
  });

  it("are looked up again for another component, which may be in another account", async () => {
    const calls = await lookedUp(() => {
      here({ parent: new Thing("one") });
      here({ parent: new Thing("other") });
    });
    assert.deepEqual(calls, [...BOTH, ...BOTH].sort());
  });

  it("are looked up each time without a parent", async () => {
    const calls = await lookedUp(() => {
      here({});
      here({});
    });
    assert.deepEqual(calls, [...BOTH, ...BOTH].sort());
  });

  it("are given with ARNs of resources there", async () => {
    await lookedUp(async () => {
      const { accountId, region, arn } = here({ parent: new Thing("one") });
      const resource = pulumi.output("instance/i-1");
      assert.deepEqual(await valueOf(pulumi.all([accountId, region, arn("ec2", resource)])), [
        "123456789012",
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:123456789012:instance/i-1",
      ]);
    });
  });
});
