import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { allow, ReadyRole, readyRole } from "../../../components/shared/permissions";
import { physicalName, run, valueOf } from "../../harness";

const typeOf = (resource: pulumi.Resource) => (resource as unknown as { __pulumiType: string }).__pulumiType;

/** What an output waits for, by its type. */
const awaited = async (output: pulumi.Output<unknown>) => {
  const all = await (output as unknown as { allResources(): Promise<Set<pulumi.Resource>> }).allResources();
  return [...all].map(typeOf).sort();
};

describe("the role of a service that uses it at once", () => {
  const permissions = [allow(["logs:PutLogEvents"], "arn:aws:logs:eu-west-1:123456789012:log-group:a:*")];

  it("is available, as its ARN or as a dependency, only once its permissions exist", async () => {
    let role!: ReadyRole;
    await run(() => {
      role = readyRole("taker", { service: "cloudtrail.amazonaws.com", permissions }, {});
      return {};
    });
    assert.equal(await valueOf(role.arn), `arn:aws:iam::123456789012:role/${physicalName("taker")}`);
    assert.deepEqual(await awaited(role.arn), ["aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"]);
    assert.deepEqual(role.ready.map(typeOf), ["aws:iam/rolePolicy:RolePolicy"]);
  });
});
