// What the small examples make where AWS is emulated: asked of the emulators, not of the program.
import { strict as assert } from "node:assert";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { EC2 } from "@aws-sdk/client-ec2";
import { S3 } from "@aws-sdk/client-s3";
import { Emulated, skipWithoutEmulators, startEmulated } from "../emulated";
import { exampleProgram } from "./example";

describe("an example on the emulators", () => {
  let emulated: Emulated | undefined;

  before(async function () {
    await skipWithoutEmulators(this);
    emulated = await startEmulated("examples");
  });
  after(() => emulated?.stop());

  it("network: creates a VPC whose private subnets go out through its one NAT gateway", async () => {
    const outputs = await emulated!.make(exampleProgram("network"));
    const ec2 = new EC2({ ...emulated!.client, endpoint: emulated!.endpoints.moto });
    const inVpc = [{ Name: "vpc-id", Values: [outputs["vpcId"] as string] }];

    const { Subnets = [] } = await ec2.describeSubnets({ Filters: inVpc });
    const blocks = (ids: unknown) =>
      Subnets.filter(({ SubnetId }) => (ids as string[]).includes(SubnetId!)).length;
    assert.deepEqual(
      [blocks(outputs["publicSubnetIds"]), blocks(outputs["privateSubnetIds"]), Subnets.length],
      [3, 3, 6],
    );

    const { NatGateways = [] } = await ec2.describeNatGateways({ Filter: inVpc });
    const { RouteTables = [] } = await ec2.describeRouteTables({ Filters: inVpc });
    const byGateway = RouteTables.filter(({ Routes = [] }) =>
      Routes.some((route) => route.NatGatewayId === NatGateways[0]?.NatGatewayId),
    );
    const ledOut = byGateway.flatMap(({ Associations = [] }) => Associations.map((each) => each.SubnetId));
    assert.equal(NatGateways.length, 1);
    assert.deepEqual(ledOut.sort(), [...(outputs["privateSubnetIds"] as string[])].sort());
  });

  it("uploads: creates a user pool with sign-up, and two versioned buckets closed to the public", async () => {
    const outputs = (await emulated!.make(exampleProgram("uploads"))) as Record<string, string>;
    const cognito = new CognitoIdentityProvider(emulated!.client);
    const { UserPool } = await cognito.describeUserPool({ UserPoolId: outputs["userPoolId"] });
    assert.equal(UserPool?.AdminCreateUserConfig?.AllowAdminCreateUserOnly, false);

    const s3 = new S3({ ...emulated!.client, forcePathStyle: true });
    const buckets = [outputs["normalBucketName"], outputs["sensitiveBucketName"]];
    const seen = await Promise.all(
      buckets.map(async (Bucket) => [
        (await s3.getBucketVersioning({ Bucket })).Status,
        (await s3.getPublicAccessBlock({ Bucket })).PublicAccessBlockConfiguration?.BlockPublicPolicy,
      ]),
    );
    assert.deepEqual(seen, [
      ["Enabled", true],
      ["Enabled", true],
    ]);
  });
});
