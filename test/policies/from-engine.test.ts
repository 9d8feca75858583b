import { strict as assert } from "node:assert";
import type { PolicyResource } from "@pulumi/policy";
import { declared, declaredStack, known, UNKNOWN } from "../../policies/from-engine";
import { named } from "./cases/case";
import { asEngine } from "./engine";

const resource = (
  type: string,
  name: string,
  props: object,
  propertyDependencies: Record<string, PolicyResource[]> = {},
): PolicyResource => ({
  ...asEngine(named(name, type, props)),
  propertyDependencies,
});

/** As the engine wraps a value that it does not know yet. */
const trap = (): object => ({
  get unknown() {
    throw new Error("string value at .unknown can't be known during preview");
  },
});

describe("what the engine passes to the policy pack", () => {
  it("becomes a plain copy, with a placeholder for unknown values", () => {
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

  it("names another resource by its name, known or not", () => {
    const files = resource("aws:s3/bucket:Bucket", "files", { id: "files-0a1b2c3" });
    const versioning = (bucket: unknown) =>
      declaredStack([files, resource("aws:s3/v:V", "files", bucket as object, { bucket: [files] })])[1]!
        .inputs.bucket;
    assert.equal(versioning({ bucket: "files-0a1b2c3" }), "files-id");
    assert.equal(versioning({ bucket: UNKNOWN }), "files-id");
    assert.equal(versioning({ bucket: "another" }), "another");
  });

  it("lists what each resource needs, by type and name", () => {
    const policy = resource("aws:iam/rolePolicy:RolePolicy", "web", {});
    const plan = resource("aws:guardduty/plan:Plan", "web", {});
    plan.dependencies = [policy];
    assert.deepEqual(declaredStack([policy, plan])[1]!.needs, ["aws:iam/rolePolicy:RolePolicy web"]);
  });

  it("names each of several other resources", () => {
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

  it("keeps the fields of a resource that the rules read", () => {
    const bucket = resource("aws:s3/bucket:Bucket", "files", { tags: {} });
    bucket.opts.ignoreChanges = ["tags"];
    assert.deepEqual(declared({ ...bucket } as never), {
      type: "aws:s3/bucket:Bucket",
      name: "files",
      inputs: { tags: {} },
      outputs: { tags: {} },
      parent: "",
      parentType: "",
      protect: false,
      custom: true,
      dependsOn: [],
      needs: [],
      ignoreChanges: ["tags"],
    });
  });

  /** What a resource says of its neighbours, as the rules read it. */
  const read = (property: string, value: unknown, named: PolicyResource[], of = property) =>
    declaredStack([resource("aws:any/thing:Thing", "it", { [property]: value }, { [of]: named })])[0]!.inputs;
  const files = resource("aws:s3/bucket:Bucket", "files", { id: "files-1", bucket: "files-0a1b2c3" });
  const logs = resource("aws:s3/bucket:Bucket", "logs", { id: "logs-1" });
  const unknown = resource("aws:s3/bucket:Bucket", "unknown", { id: UNKNOWN });

  it("recognises another resource by its id, and a bucket by its own name", () => {
    assert.deepEqual(read("of", "files-1", [files]), { of: "files-id" });
    assert.deepEqual(read("of", "files-0a1b2c3", [files]), { of: "files-id" });
    assert.deepEqual(read("of", "logs-1", [files, logs]), { of: "logs-id" });
  });

  it("leaves a resource's outputs unchanged", () => {
    const [made] = declaredStack([resource("aws:any/thing:Thing", "it", { of: "files-1" }, { of: [files] })]);
    assert.deepEqual([made!.inputs, made!.outputs], [{ of: "files-id" }, { of: "files-1" }]);
  });

  it("names each item of a list that refers to a single resource", () => {
    assert.deepEqual(read("of", ["files-1", UNKNOWN, "files-0a1b2c3"], [files]), {
      of: ["files-id", "files-id", "files-id"],
    });
    assert.deepEqual(read("of", [UNKNOWN, UNKNOWN, UNKNOWN], [files, logs]), {
      of: ["files-id", "logs-id", UNKNOWN],
    });
  });

  it("refuses to guess which of several resources is meant", () => {
    assert.deepEqual(read("of", UNKNOWN, [files, logs]), { of: UNKNOWN });
    assert.deepEqual(read("of", UNKNOWN, [files, unknown]), { of: UNKNOWN });
  });

  it("leaves values that are not references unchanged", () => {
    assert.deepEqual(read("of", 3, [files]), { of: 3 });
    assert.deepEqual(read("of", { a: UNKNOWN }, [files]), { of: { a: UNKNOWN } });
    assert.deepEqual(read("of", UNKNOWN, []), { of: UNKNOWN });
    assert.deepEqual(read("of", "files-1", [files], "another"), { of: "files-1" });
  });

  it("leaves a document unchanged, even if it names other resources", () => {
    for (const property of ["policy", "assumeRolePolicy"])
      assert.deepEqual(read(property, UNKNOWN, [files]), { [property]: UNKNOWN });
    assert.deepEqual(read("policyArn", UNKNOWN, [files]), { policyArn: "files-id" });
  });

  it("says in words that a value is not known yet", () => {
    assert.match(UNKNOWN, /known after/);
  });
});
