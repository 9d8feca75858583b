import { strict as assert } from "node:assert";
import type { PolicyResource } from "@pulumi/policy";
import { declared, declaredStack, known, UNKNOWN } from "../../policies/declared";
import { asEngine } from "./engine";

const resource = (
  type: string,
  name: string,
  props: object,
  propertyDependencies: Record<string, PolicyResource[]> = {},
): PolicyResource => ({
  ...asEngine({
    type,
    name,
    inputs: props,
    parent: "",
    parentType: "",
    protect: false,
    custom: true,
    dependsOn: [],
    ignoreChanges: [],
  }),
  propertyDependencies,
});

/** As the engine wraps a value that it does not know yet. */
const trap = (): object => ({
  get unknown() {
    throw new Error("string value at .unknown can't be known during preview");
  },
});

describe("what the engine hands to the policy pack", () => {
  it("becomes a plain copy, with a word for what is not known yet", () => {
    assert.deepEqual(known({ a: 1, list: [{ b: "c" }, trap()], nothing: null }), {
      a: 1,
      list: [{ b: "c" }, { unknown: UNKNOWN }],
      nothing: null,
    });
  });

  it("keeps protection", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "files", {});
    bucket.opts.protect = true;
    assert.equal(declared({ ...bucket } as never).protect, true);
  });

  it("names a neighbour by its name, known or not", () => {
    const files = resource("aws:s3/bucket:Bucket", "files", { id: "files-0a1b2c3" });
    const versioning = (bucket: unknown) =>
      declaredStack([files, resource("aws:s3/v:V", "files", bucket as object, { bucket: [files] })])[1]!
        .inputs.bucket;
    assert.equal(versioning({ bucket: "files-0a1b2c3" }), "files-id");
    assert.equal(versioning({ bucket: UNKNOWN }), "files-id");
    assert.equal(versioning({ bucket: "another" }), "another");
  });

  it("names each of several neighbours", () => {
    const groups = ["a", "b"].map((name) =>
      resource("aws:ec2/securityGroup:SecurityGroup", name, { id: `sg-${name}` }),
    );
    const balancer = (securityGroups: unknown[]) =>
      declaredStack([
        resource("aws:lb/loadBalancer:LoadBalancer", "web", { securityGroups }, { securityGroups: groups }),
      ])[0]!.inputs.securityGroups;
    assert.deepEqual(balancer(["sg-a", "sg-b"]), ["a-id", "b-id"]);
    assert.deepEqual(balancer([UNKNOWN, UNKNOWN]), ["a-id", "b-id"]);
  });
});
