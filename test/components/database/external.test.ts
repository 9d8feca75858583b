import { strict as assert } from "node:assert";
import type { ExternalDatabaseArgs } from "../../../components/database/args";
import { ExternalDatabase } from "../../../components/database/external";
import { run } from "../../harness";

const network = {
  vpcId: "vpc-1",
  cidrBlock: "10.0.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
};

describe("ExternalDatabase", () => {
  const secretArn = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:db-AbCdEf";
  const roleArn = "arn:aws:iam::210987654321:role/database-client";

  it("creates only the way to it, and reads the secret with the other account's role", async () => {
    const { resources, outputs } = await run(
      () => new ExternalDatabase("db", { network, secretArn, roleArn, cidrBlocks: ["10.20.0.0/16"] }),
    );
    assert.deepEqual(
      resources.map((r) => r.type),
      [
        "groundwork:index:ExternalDatabase",
        "aws:ec2/securityGroup:SecurityGroup",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      ],
    );
    assert.deepEqual(outputs.clientPermissions, [
      { Effect: "Allow", Action: ["sts:AssumeRole"], Resource: [roleArn] },
    ]);
    assert.deepEqual(Object.keys(outputs.environment), ["DATABASE_SECRET_ARN", "DATABASE_ROLE_ARN"]);
  });

  it("reads a secret that has its own key only through Secrets Manager", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";
    const { outputs } = await run(
      () => new ExternalDatabase("db", { network, secretArn, kmsKeyArn, cidrBlocks: ["10.20.0.0/16"] }),
    );
    assert.deepEqual(outputs.clientPermissions, [
      { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [secretArn] },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [kmsKeyArn],
        Condition: { StringEquals: { "kms:ViaService": ["secretsmanager.eu-west-1.amazonaws.com"] } },
      },
    ]);
  });

  it("refuses an invalid secret, role and block, in one error", async () => {
    const wrong: ExternalDatabaseArgs = { network, secretArn: "db", roleArn: "me", cidrBlocks: ["here"] };
    await assert.rejects(
      run(() => new ExternalDatabase("db", wrong)),
      {
        message:
          'ExternalDatabase "db": secretArn must be the ARN of a secret in Secrets Manager, got "db"; ' +
          'roleArn must be the ARN of a role, got "me"; ' +
          "cidrBlocks.0 must be an IPv4 block such as 203.0.113.0/24, no bit set behind the prefix, " +
          'got "here"',
      },
    );
  });

  it("refuses to give its clients no address", async () => {
    await assert.rejects(
      run(() => new ExternalDatabase("db", { network, secretArn, cidrBlocks: [] })),
      { message: 'ExternalDatabase "db": cidrBlocks must be a list of at least 1, got []' },
    );
  });
});
