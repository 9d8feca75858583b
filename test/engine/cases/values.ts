import type { Account } from "../account/account";
import type { Inputs } from "../account/rule";
import { Late, QUEUE, VPC } from "./late";

const zones = (...letters: string[]): [type: string, inputs: Inputs][] =>
  letters.map((letter) => ["ec2/subnet:Subnet", { vpcId: VPC, availabilityZone: letter }]);
const subnets = (account: Account) => account.all("ec2/subnet:Subnet").map(({ id }) => id);

interface Other {
  type: string;
  there?: [type: string, inputs: Late][];
  /** What stands, where a change is asked for. */
  before?: Inputs;
  refused: Late;
  taken: Late;
  /** What else stands when it is refused. */
  meanwhile?: [type: string, inputs: Late][];
}

/** Things are refused with some arguments, and taken with others. */
export const VALUES: Record<string, Other> = {
  "an account has at most five addresses": {
    type: "ec2/eip:Eip",
    meanwhile: Array.from({ length: 5 }, (): [string, Inputs] => ["ec2/eip:Eip", {}]),
    refused: {},
    taken: {},
  },
  "an account has at most five VPCs": {
    type: "ec2/vpc:Vpc",
    meanwhile: Array.from({ length: 5 }, (): [string, Inputs] => ["ec2/vpc:Vpc", {}]),
    refused: {},
    taken: {},
  },
  "a log group has at most two subscriptions": {
    type: "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    meanwhile: Array.from({ length: 2 }, (): [string, Inputs] => [
      "cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
      { logGroup: "web" },
    ]),
    refused: { logGroup: "web" },
    taken: { logGroup: "web" },
  },
  "a load balancer spans two zones": {
    type: "lb/loadBalancer:LoadBalancer",
    there: zones("a", "b"),
    refused: (account) => ({ subnets: subnets(account).slice(0, 1) }),
    taken: (account) => ({ subnets: subnets(account) }),
  },
  "a load balancer has one subnet in each zone": {
    type: "lb/loadBalancer:LoadBalancer",
    there: zones("a", "b", "b"),
    refused: (account) => ({ subnets: subnets(account) }),
    taken: (account) => ({ subnets: subnets(account).slice(0, 2) }),
  },
  "a subnet group spans two zones": {
    type: "rds/subnetGroup:SubnetGroup",
    there: zones("a", "b"),
    refused: (account) => ({ subnetIds: subnets(account).slice(0, 1) }),
    taken: (account) => ({ subnetIds: subnets(account) }),
  },
  "a target group belongs to one load balancer": {
    type: "lb/listener:Listener",
    there: [
      ["lb/listener:Listener", { loadBalancerArn: "arn:a", defaultActions: [{ targetGroupArn: "arn:t" }] }],
    ],
    refused: { loadBalancerArn: "arn:b", defaultActions: [{ targetGroupArn: "arn:t" }] },
    taken: { loadBalancerArn: "arn:a", defaultActions: [{ targetGroupArn: "arn:t" }] },
  },
  "a launch template's group is in its subnets' VPC": {
    type: "autoscaling/group:Group",
    there: [
      ["ec2/securityGroup:SecurityGroup", { vpcId: "vpc-b" }],
      ...zones("a"),
      ["ec2/subnet:Subnet", { vpcId: "vpc-b" }],
      [
        "ec2/launchTemplate:LaunchTemplate",
        (account) => ({
          networkInterfaces: [{ securityGroups: [account.all("ec2/securityGroup:SecurityGroup")[0]!.id] }],
        }),
      ],
    ],
    refused: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      vpcZoneIdentifiers: [subnets(account)[0]!],
    }),
    taken: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      vpcZoneIdentifiers: [subnets(account)[1]!],
    }),
  },
  "a refresh rolls back only to an image's id": {
    type: "autoscaling/group:Group",
    there: [["ec2/launchTemplate:LaunchTemplate", { imageId: "resolve:ssm:/image" }]],
    before: {},
    refused: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      instanceRefresh: { preferences: { autoRollback: true } },
    }),
    taken: (account) => ({
      launchTemplate: { id: account.all("ec2/launchTemplate:LaunchTemplate")[0]!.id },
      instanceRefresh: { preferences: {} },
    }),
  },
  "a new major version is allowed explicitly": {
    type: "rds/instance:Instance",
    before: { engine: "postgres", engineVersion: "17" },
    refused: { engine: "postgres", engineVersion: "18" },
    taken: { engine: "postgres", engineVersion: "18", allowMajorVersionUpgrade: true },
  },
  "a version never goes back": {
    type: "rds/instance:Instance",
    before: { engineVersion: "17" },
    refused: { engineVersion: "16" },
    taken: { engineVersion: "17.4" },
  },
  "a parameter group fits the version's family": {
    type: "rds/instance:Instance",
    there: [["rds/parameterGroup:ParameterGroup", { name: "p", family: "postgres17" }]],
    refused: { engine: "postgres", engineVersion: "18", parameterGroupName: "p" },
    taken: { engine: "postgres", engineVersion: "17", parameterGroupName: "p" },
  },
  "storage only grows": {
    type: "rds/instance:Instance",
    before: { allocatedStorage: 20 },
    refused: { allocatedStorage: 10 },
    taken: { allocatedStorage: 30 },
  },
  "a database's subnets stay in its group": {
    type: "rds/subnetGroup:SubnetGroup",
    there: [["rds/instance:Instance", { dbSubnetGroupName: "g" }]],
    before: { name: "g", subnetIds: ["a", "b", "c"] },
    refused: { name: "g", subnetIds: ["b", "c"] },
    taken: { name: "g", subnetIds: ["a", "b"] },
  },
  "a queue hides a message as long as its function may run": {
    type: "lambda/eventSourceMapping:EventSourceMapping",
    there: [
      ["sqs/queue:Queue", { name: "q", visibilityTimeoutSeconds: 60 }],
      ["lambda/function:Function", { name: "slow", timeout: 90 }],
      ["lambda/function:Function", { name: "quick", timeout: 60 }],
    ],
    refused: { functionName: "slow", eventSourceArn: QUEUE },
    taken: { functionName: "quick", eventSourceArn: QUEUE },
  },
  "a user pool's attributes stay": {
    type: "cognito/userPool:UserPool",
    before: { schemas: [{ name: "Quota" }] },
    refused: { schemas: [] },
    taken: { schemas: [{ name: "Quota" }, { name: "Unit" }] },
  },
  "passkeys go before a second factor is required": {
    type: "cognito/userPool:UserPool",
    before: { signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } },
    refused: { mfaConfiguration: "ON", signInPolicy: { allowedFirstAuthFactors: ["PASSWORD"] } },
    taken: { mfaConfiguration: "OPTIONAL", signInPolicy: { allowedFirstAuthFactors: ["PASSWORD"] } },
  },
};
