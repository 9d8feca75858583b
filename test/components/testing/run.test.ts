import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { run, valueOf } from "../../../components/testing";

class Outer extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Outer", name, {}, opts);
    new Inner(`${name}-inner`, { parent: this });
  }
}

class Inner extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("test:index:Inner", name, {}, opts);
    new aws.sns.Topic(name, {}, { parent: this });
  }
}

describe("the library's mocks", () => {
  it("answer provider functions as the test tells them to, and fail on all others", async () => {
    const program = async () => ({ ami: (await aws.ec2.getAmi({ mostRecent: true })).architecture });
    const calls = { "aws:ec2/getAmi:getAmi": () => ({ architecture: "arm64" }) };
    assert.equal(await valueOf((await run(program, { calls })).outputs.ami), "arm64");
    await assert.rejects(run(program), /calls must have an answer to aws:ec2\/getAmi:getAmi, got none/);
  });

  it("compute outputs as the test says for a type", async () => {
    const program = () => ({ id: new aws.guardduty.Detector("threats").accountId });
    const computed = { "aws:guardduty/detector:Detector": (name: string) => ({ accountId: `of ${name}` }) };
    assert.equal(await valueOf((await run(program, { computed })).outputs.id), "of threats");
  });

  it("run one program after the other, also when one fails: none declares anything among the resources of another", async () => {
    const declaring = (name: string) => async () => {
      await sleep(5);
      new aws.sns.Topic(`${name}-${pulumi.getStack()}`);
      return {};
    };
    const failing = run(() => Promise.reject(new Error("no program")), { stack: "one" });
    const runs = ["two", "three"].map((stack) => run(declaring(stack), { stack }));
    await assert.rejects(failing, /no program/);
    const names = (await Promise.all(runs)).map(({ resources }) => resources.map(({ name }) => name));
    assert.deepEqual(names, [["two-two"], ["three-three"]]);
  });

  it("assign a key without a namespace to the project", async () => {
    const program = () => ({ size: new pulumi.Config().get("size"), project: pulumi.getProject() });
    const { outputs } = await run(program, { project: "shop", config: { size: "small" } });
    assert.deepEqual({ ...outputs }, { size: "small", project: "shop" });
  });

  it("apply transforms as the engine does: a resource's own, then its parents'", async () => {
    const order: string[] = [];
    const noted =
      (words: string): pulumi.ResourceTransform =>
      ({ type, props, opts }) => {
        order.push(`${words} ${type.split(":").pop()!}`);
        return { props: { ...props, displayName: words }, opts: { ...opts, protect: true } };
      };
    const { one } = await run(() => ({
      made: new Outer("all", { transforms: [noted("outer"), () => undefined] }),
      other: new aws.sns.Topic("other", {}, { transforms: [noted("own")] }),
      untouched: new aws.sns.Topic("untouched"),
    }));
    assert.deepEqual(order.sort(), ["outer Inner", "outer Outer", "outer Topic", "own Topic"]);
    const topic = (name: string) => one("sns/topic:Topic", name);
    assert.deepEqual([topic("all-inner").inputs.displayName, topic("all-inner").protect], ["outer", true]);
    assert.equal(topic("other").outputs.displayName, "own");
    assert.deepEqual([topic("untouched").inputs, topic("untouched").protect], [{}, false]);
  });
});
