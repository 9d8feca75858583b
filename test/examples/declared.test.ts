import { strict as assert } from "node:assert";
import { Declared, run, valueOf } from "../harness";
import { some } from "../some";
import { EXAMPLES, exampleProgram } from "./example";

interface Expected {
  declares: Record<string, number>;
  outputs: string[];
  config?: Record<string, unknown>;
}

/** What the title of each example promises. */
const EXPECTED: Record<string, Expected[]> = {
  network: [
    {
      declares: {
        "ec2/vpc:Vpc": 1,
        "ec2/subnet:Subnet": 6,
        "ec2/natGateway:NatGateway": 1,
        "ec2/instance:Instance": 0,
      },
      outputs: ["privateSubnetIds", "publicSubnetIds", "vpcId"],
    },
  ],
  "existing-vpc": [
    {
      declares: {
        "ec2/vpc:Vpc": 0,
        "ec2/subnet:Subnet": 0,
        "ec2/route:Route": 0,
        "lb/loadBalancer:LoadBalancer": 1,
        "autoscaling/group:Group": 1,
      },
      outputs: ["url"],
    },
  ],
  database: [
    {
      declares: {
        "ec2/vpc:Vpc": 1,
        "efs/fileSystem:FileSystem": 1,
        "rds/instance:Instance": 0,
        "autoscaling/group:Group": 4, // of the servers, of the nodes, and of the NAT instance in each of two zones
      },
      outputs: ["databaseSecretArn", "url"],
    },
    {
      config: { kind: "managed" },
      declares: {
        "ec2/vpc:Vpc": 1,
        "efs/fileSystem:FileSystem": 0,
        "rds/instance:Instance": 1,
        "autoscaling/group:Group": 3,
      },
      outputs: ["databaseSecretArn", "url"],
    },
  ],
  uploads: [
    {
      declares: {
        "ec2/vpc:Vpc": 0,
        "cognito/userPool:UserPool": 1,
        "s3/bucket:Bucket": 3,
        "lambda/function:Function": 1,
        "sns/topic:Topic": 1,
      },
      outputs: ["normalBucketName", "sensitiveBucketName", "userPoolId"],
    },
  ],
  platform: [
    {
      declares: {
        "ec2/vpc:Vpc": 1,
        "rds/instance:Instance": 1,
        "autoscaling/group:Group": 1,
        "cognito/userPool:UserPool": 1,
        "codepipeline/pipeline:Pipeline": 1,
        "sfn/stateMachine:StateMachine": 1,
        "wafv2/webAcl:WebAcl": 1,
        "backup/plan:Plan": 1,
        "cloudwatch/dashboard:Dashboard": 1,
      },
      outputs: ["dashboardUrl", "deliveryUrl", "provisionerUrl", "url"],
    },
  ],
};

const identity = ({ type, name, parent }: Declared) => `${type} ${name} of ${parent}`;

describe("an example", () => {
  it("is each folder of examples/", () => {
    assert.deepEqual(Object.keys(EXPECTED).sort(), EXAMPLES);
  });

  for (const example of some(EXAMPLES))
    for (const { declares, outputs, config } of some(EXPECTED[example]!))
      it(`declares what its title says, in a preview as well: ${[example, ...Object.values(config ?? {})].join(", ")}`, async () => {
        const program = exampleProgram(example);
        const update = await run(program, { config });
        const counts = Object.keys(declares).map((type) => [type, update.all(type).length]);
        assert.deepEqual(Object.fromEntries(counts), declares);
        assert.deepEqual(Object.keys(update.outputs).sort(), outputs);
        const known = await Promise.all(Object.values(update.outputs).map((output) => valueOf(output)));
        assert.deepEqual(
          known.filter((value) => value === undefined),
          [],
        );

        const preview = await run(program, { config, preview: true });
        assert.deepEqual(preview.resources.map(identity).sort(), update.resources.map(identity).sort());
      });
});
