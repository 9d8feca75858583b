import { strict as assert } from "node:assert";
import type { BastionArgs } from "../../../components/network/args";
import { Bastion } from "../../../components/network/bastion";
import { run } from "../../harness";
import { NETWORK } from "../around";

const bastion = (args: Partial<BastionArgs> = {}) =>
  run(() => new Bastion("bastion", { network: NETWORK, ...args }));

describe("Bastion", () => {
  it("opens no port for Session Manager", async () => {
    const { all, one } = await bastion();
    assert.deepEqual(all("vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
    assert.equal(one("ec2/instance:Instance").inputs.keyName, undefined);
    assert.match(one("iam/rolePolicy:RolePolicy").inputs.policy, /ssmmessages:OpenDataChannel/);
  });

  it("opens SSH to the admins' blocks only", async () => {
    const { all, one } = await bastion({ access: "ssh", adminCidrs: ["203.0.113.7/32"], keyName: "admins" });
    assert.deepEqual(
      all("vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((r) => [
        r.inputs.fromPort,
        r.inputs.cidrIpv4,
      ]),
      [[22, "203.0.113.7/32"]],
    );
    assert.equal(one("ec2/instance:Instance").inputs.keyName, "admins");
    assert.deepEqual(all("iam/rolePolicy:RolePolicy"), []);
  });

  it("reaches the VPC by SSH and the internet by TLS", async () => {
    const { all } = await bastion();
    assert.deepEqual(
      all("vpc/securityGroupEgressRule:SecurityGroupEgressRule").map((r) => [
        r.inputs.fromPort,
        r.inputs.cidrIpv4,
      ]),
      [
        [22, "10.0.0.0/16"],
        [443, "0.0.0.0/0"],
      ],
    );
  });

  it("refuses SSH without a block and a key", async () => {
    await assert.rejects(
      bastion({ access: "ssh" }),
      /adminCidrs must be at least one block where access is ssh, got nothing; keyName must be an EC2 key pair where access is ssh, got nothing/,
    );
  });
});
