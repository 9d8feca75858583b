import { allows, Cases, made, named, refuses } from "./case";
import {
  POLICY,
  ROLE,
  PROVIDER,
  json,
  allow,
  policy,
  trust,
  letIn,
  token,
  AUD,
  SUB,
  NIC,
  MACHINE,
  grant,
  sized,
  without,
} from "./statements";

/** Whether a statement says what its writer means. */
export const actionCases: Cases = {
  "names resources wherever an action can be limited to them": [
    refuses(
      "a bare star among resources",
      [policy(allow("s3:GetObject", ["arn:aws:s3:::mine/*", "*"]))],
      "it lets s3:GetObject act on every",
    ),
    refuses(
      "one action of two",
      [policy(allow(["ec2:DescribeTags", "sqs:SendMessage"], "*"))],
      "it lets sqs:SendMessage act on every queue of the account",
    ),
    refuses("a star in a role's own policies", [
      made(ROLE, { inlinePolicies: [{ policy: json(allow("sqs:SendMessage", "*")) }] }),
    ]),
    allows("a star for what knows no resources", policy(allow("ec2:DescribeTags", "*"))),
    allows("names", policy(allow("s3:GetObject"))),
    allows("to forbid it everywhere", policy({ ...allow("sqs:SendMessage", "*"), Effect: "Deny" })),
    allows(
      "a star on the resource itself",
      made("aws:sqs/queuePolicy:QueuePolicy", { policy: json(allow("sqs:SendMessage", "*")) }),
    ),
    allows("a star in a trust policy", trust(allow("sqs:SendMessage", "*"))),
    allows("whole services, which another rule refuses", policy(allow(["*", "sqs:*"], "*"))),
  ],
  "names actions that exist": [
    allows("a script that speaks of statements", made(POLICY, { script: 'echo "Statement"' })),
    refuses("a misspelt action", [policy(allow(["s3:GetObject", "s3:GetObjekt"]))], "s3:GetObjekt"),
    refuses("a misspelt service", [policy(allow("s4:GetObject"))], "s4:GetObject"),
    refuses("a pattern that nothing fits", [policy(allow("s3:Fetch*"))], "s3:Fetch*"),
    refuses("a name that is one letter longer", [policy(allow("s3:GetObject?"))], "s3:GetObject?"),
    refuses("a service alone", [policy(allow("s3"))], "s3"),
    allows(
      "an action, a pattern, and any case of letters",
      policy(allow(["s3:GetObject", "s3:Get*", "S3:getobject"])),
    ),
    allows("whole services, which another rule refuses", policy(allow(["*", "s4:*"]))),
  ],
  "names resources that the actions apply to": [
    refuses(
      "resources and actions that have nothing to do with each other",
      [policy(allow(["s3:GetObject", "s3:PutObject"], ["arn:aws:sqs:*:*:a", "arn:aws:sqs:*:*:b"]))],
      "it lets s3:GetObject act on arn:aws:sqs:*:*:a, arn:aws:sqs:*:*:b, which",
      "it lets s3:PutObject act on",
      "it names the resource arn:aws:sqs:*:*:a, to which none of s3:GetObject, s3:PutObject applies",
      "it names the resource arn:aws:sqs:*:*:b",
    ),
    refuses(
      "an action without its kind",
      [policy(allow(["s3:GetObject", "s3:ListBucket"], "arn:aws:s3:::mine/*"))],
      "it lets s3:ListBucket act on arn:aws:s3:::mine/*, which it cannot",
    ),
    refuses(
      "a resource without its action",
      [policy(allow("s3:GetObject", ["arn:aws:s3:::mine/*", "arn:aws:sqs:*:*:mine"]))],
      "it names the resource arn:aws:sqs:*:*:mine, to which none of s3:GetObject applies",
    ),
    allows(
      "each its own",
      policy(allow(["s3:GetObject", "s3:ListBucket"], ["arn:aws:s3:::mine", "arn:aws:s3:::mine/*"])),
    ),
    allows("everything", policy(allow("s3:GetObject", "*"))),
    allows("no resource, as in a trust policy", trust(letIn({ Service: "ec2.amazonaws.com" }))),
    allows(
      "whole services, which another rule refuses",
      policy(allow(["s3:*", "s3:GetObject"], "arn:aws:sqs:*:*:mine")),
    ),
    allows(
      "actions that do not exist, which another rule refuses",
      policy(allow("s3:GetObjekt", "arn:aws:sqs:*:*:mine")),
    ),
  ],
  "names condition keys that the actions support": [
    refuses(
      "another action's key",
      [policy(allow("s3:GetObject", "*", { Condition: { StringEquals: { "s3:prefix": "a" } } }))],
      "s3:prefix",
    ),
    refuses(
      "a global key that its service does not fill in",
      [
        policy(
          allow("sts:GetCallerIdentity", "*", { Condition: { StringEquals: { "aws:ResourceTag/a": "b" } } }),
        ),
      ],
      "aws:ResourceTag/a",
    ),
    refuses(
      "a claim for another action",
      [trust(letIn({ AWS: "1" }, { Condition: { StringEquals: { [`${PROVIDER}:sub`]: SUB } } }))],
      "sub",
    ),
    refuses(
      "another claim",
      [trust(token({}, { Condition: { StringEquals: { [`${PROVIDER}:subject`]: SUB } } }))],
      "subject",
    ),
    allows(
      "its own",
      policy(allow("s3:ListBucket", "*", { Condition: { StringLike: { "s3:prefix": ["a/*"] } } })),
    ),
    allows(
      "its own by a name with a variable",
      policy(
        allow("ec2:TerminateInstances", "*", {
          Condition: { StringEquals: { "ec2:ResourceTag/a": "b", "aws:ResourceTag/a": "b" } },
        }),
      ),
    ),
    allows(
      "its own in another case of letters",
      policy(allow("s3:ListBucket", "*", { Condition: { StringLike: { "S3:Prefix": "a" } } })),
    ),
    allows(
      "global ones",
      policy(
        allow("s3:GetObject", "*", {
          Condition: { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:PrincipalTag/a": "b" } },
        }),
      ),
    ),
    allows("a provider's claims", trust(token({ aud: AUD, sub: SUB }))),
    allows(
      "any key for whole services, which another rule refuses",
      policy(allow(["*", "s3:*"], "*", { Condition: { StringEquals: { "s4:key": "a" } } })),
    ),
  ],
  "gives an action every type of resource that it needs": [
    allows(
      "a kind that the action only may have",
      grant("a", "app", allow("ec2:AssociateSubnetCidrBlock", "arn:aws:ec2:*:*:subnet/a")),
    ),
    refuses(
      "one kind of two",
      [grant("a", "app", allow("ec2:AttachNetworkInterface", NIC))],
      "role app may ec2:AttachNetworkInterface on no instance",
    ),
    refuses(
      "the other kind",
      [grant("a", "app", allow("ec2:AttachNetworkInterface", MACHINE))],
      "role app may ec2:AttachNetworkInterface on no network-interface",
    ),
    refuses(
      "the other kind for another role",
      [
        grant("a", "app", allow("ec2:AttachNetworkInterface", NIC)),
        grant("b", "other", allow("ec2:AttachNetworkInterface", MACHINE)),
      ],
      "role app",
      "role other",
    ),
    refuses(
      "the other kind for another action",
      [grant("a", "app", allow("ec2:AttachNetworkInterface", NIC), allow("ec2:TerminateInstances", MACHINE))],
      "role app may ec2:AttachNetworkInterface on no instance",
    ),
    refuses(
      "the other kind that is only forbidden",
      [
        grant("a", "app", allow("ec2:AttachNetworkInterface", NIC), {
          ...allow("ec2:AttachNetworkInterface", MACHINE),
          Effect: "Deny",
        }),
      ],
      "on no instance",
    ),
    refuses(
      "the other kind on a resource's own policy",
      [
        grant("a", "app", allow("ec2:AttachNetworkInterface", NIC)),
        made("aws:any/policy:Policy", {
          role: "app",
          policy: json(allow("ec2:AttachNetworkInterface", MACHINE)),
        }),
      ],
      "on no instance",
    ),
    refuses(
      "half of it in a role's own policies",
      [named("own", ROLE, { inlinePolicies: [{ policy: json(allow("ec2:AttachNetworkInterface", NIC)) }] })],
      `role ${ROLE} own may`,
    ),
    allows("both in one statement", grant("a", "app", allow("ec2:AttachNetworkInterface", [NIC, MACHINE]))),
    allows(
      "both in two policies",
      grant("a", "app", allow("ec2:AttachNetworkInterface", NIC)),
      grant("b", "app", allow("ec2:AttachNetworkInterface", MACHINE)),
    ),
    allows(
      "another service, where one kind may stand for another",
      grant(
        "a",
        "app",
        allow("s3:GetObject", "arn:aws:s3:::mine/*"),
        allow("iam:PassRole", "arn:aws:iam::1:role/a"),
        allow("rds:CreateDBInstance", "arn:aws:rds:*:*:db:a"),
      ),
    ),
    allows("all of EC2, which another rule refuses", grant("a", "app", allow("ec2:*", NIC))),
  ],
  "keeps policies within IAM's size limits": [
    allows(
      "just 6,144 characters without an ARN, which grows nowhere",
      made("aws:iam/policy:Policy", { policy: without(6_144) }),
    ),
    refuses("one more of them", [made("aws:iam/policy:Policy", { policy: without(6_145) })]),
    allows(
      "an inline policy of just 10,240 characters",
      made(POLICY, { role: "app", policy: sized(10_240) }),
    ),
    refuses(
      "one character more",
      [made(POLICY, { role: "app", policy: sized(10_241) })],
      "role app's inline policies have up to 10241 characters, where IAM accepts 10240",
    ),
    refuses(
      "two of a role's that are too long together",
      [
        named("a", POLICY, { role: "app", policy: sized(6_000) }),
        named("b", POLICY, { role: "app", policy: sized(6_000) }),
      ],
      "role app's inline policies have up to 12000",
    ),
    allows(
      "two of two roles",
      named("a", POLICY, { role: "one", policy: sized(6_000) }),
      named("b", POLICY, { role: "two", policy: sized(6_000) }),
    ),
    allows(
      "an attached policy of just 6,144 characters",
      made("aws:iam/policy:Policy", { policy: sized(6_144) }),
    ),
    refuses(
      "one character more of an attached one",
      [made("aws:iam/policy:Policy", { policy: sized(6_145) })],
      "aws:iam/policy:Policy it has up to 6145 characters, where IAM accepts 6144",
    ),
    allows(
      "blanks, which IAM does not count",
      made("aws:iam/policy:Policy", { policy: sized(6_144).replace(",", `,${" ".repeat(100)}`) }),
    ),
    allows(
      "a policy that names no ARN",
      made("aws:iam/policy:Policy", { policy: json(allow("s3:GetObject", "a")) }),
    ),
  ],
};
