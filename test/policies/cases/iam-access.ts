import { allows, Cases, made, refuses } from "./case";
import {
  POLICY,
  ROLE,
  PROVIDER,
  EVERY_PLACE,
  json,
  allow,
  policy,
  trust,
  letIn,
  EVERYBODY,
  token,
  AUD,
  SUB,
  attached,
} from "./statements";

/** Who may do something at all. */
export const accessCases: Cases = {
  "allows no service as a whole": [
    refuses("every action there is", [policy(allow("*"))], "it allows *"),
    refuses(
      "every action of a service",
      [policy(allow(["s3:GetObject", "dynamodb:*"]))],
      "it allows dynamodb:*",
    ),
    refuses("every action of a service with a hyphen", [policy(allow("execute-api:*"))]),
    refuses(
      "all but some actions",
      [policy({ Effect: "Allow", NotAction: "iam:*", Resource: "a" })],
      "it uses NotAction, NotResource or NotPrincipal",
    ),
    refuses(
      "all but some resources",
      [policy({ Effect: "Allow", Action: "s3:GetObject", NotResource: "a" })],
      "it uses NotAction, NotResource or NotPrincipal",
    ),
    allows(
      "a refusal of everything but",
      policy({ Effect: "Deny", Action: "s3:GetObject", NotResource: "a" }),
    ),
    refuses(
      "all but some people",
      [trust({ Effect: "Allow", Action: "sts:AssumeRole", NotPrincipal: { AWS: "a" } })],
      "it uses NotAction, NotResource or NotPrincipal",
    ),
    ...EVERY_PLACE.map((type) => refuses(`it in a ${type}`, [made(type, { policy: json(allow("s3:*")) })])),
    refuses("it in a list of a role's own policies", [
      made(ROLE, { inlinePolicies: [{ name: "a", policy: json(allow("s3:*")) }] }),
    ]),
    refuses("it in a single statement", [
      made(POLICY, { policy: JSON.stringify({ Statement: allow("s3:*") }) }),
    ]),
    refuses("it in one statement of several", [policy(allow("s3:GetObject"), allow("s3:*"))]),
    allows("to forbid a whole service", policy({ ...allow("s3:*"), Effect: "Deny" })),
    allows("a part of a service", policy(allow(["s3:Get*", "s3:*Object"]))),
    allows("texts that are JSON and no document", made(POLICY, { a: "null", b: "3", c: undefined })),
    allows("a text that only speaks of policies", made(POLICY, { script: 'echo "Statement" s3:*' })),
    allows("a text that is none, and no text", made(POLICY, { policy: "{}", size: 3, absent: null })),
    allows(
      "a document without statements",
      made(POLICY, { policy: '{"Other":"Statement","Statement":null}' }),
    ),
  ],
  "lets everybody in only under a condition": [
    refuses("everybody", [trust(EVERYBODY)], "it lets everybody in"),
    refuses("everybody by a kind of principal", [trust(letIn({ AWS: "*" }))]),
    refuses("everybody among others", [
      trust(letIn({ Service: "ec2.amazonaws.com", AWS: ["123456789012", "*"] })),
    ]),
    refuses("everybody to a resource", [
      made("aws:sqs/queuePolicy:QueuePolicy", { policy: json(EVERYBODY) }),
    ]),
    refuses("everybody under an empty condition", [trust({ ...EVERYBODY, Condition: {} })]),
    allows(
      "everybody under a condition",
      trust({ ...EVERYBODY, Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }),
    ),
    allows("a service", trust(letIn({ Service: "ec2.amazonaws.com" }))),
    allows("to keep everybody out", trust({ ...EVERYBODY, Effect: "Deny" })),
    allows("a statement of nobody's", policy(allow("s3:GetObject"))),
  ],
  "accepts an identity provider's tokens only for one audience and named subjects": [
    refuses("tokens of any audience", [trust(token({ sub: SUB }))], "it accepts tokens with any aud"),
    refuses("tokens of any subject", [trust(token({ aud: AUD }))], "it accepts tokens with any sub"),
    refuses("any tokens", [trust(token({}))], "tokens with any aud", "tokens with any sub"),
    refuses(
      "claims that are compared loosely",
      [
        trust(
          token({}, { Condition: { StringLike: { [`${PROVIDER}:aud`]: AUD, [`${PROVIDER}:sub`]: SUB } } }),
        ),
      ],
      "tokens with any aud",
      "tokens with any sub",
    ),
    refuses(
      "a star that is read to the letter",
      [trust(token({ aud: AUD, sub: [SUB, "repo:us/site:*"] }))],
      "only for the sub repo:us/site:*",
    ),
    refuses("a claim of another name", [trust(token({ aud: AUD, asub: SUB }))], "tokens with any sub"),
    allows("one audience and named subjects", trust(token({ aud: AUD, sub: [SUB, `${SUB}2`] }))),
    allows("to refuse tokens", trust(token({}, { Effect: "Deny" }))),
    allows("another action", trust(letIn({ Service: "ec2.amazonaws.com" }))),
  ],
  "attaches no full access policy of AWS": [
    ...[
      "AmazonEC2FullAccess",
      "AdministratorAccess",
      "PowerUserAccess",
      "IAMFullAccess",
      "service-role/SomeFullAccess",
      "job-function/AdministratorAccess",
    ].map((name) =>
      refuses(
        name,
        [attached(`arn:aws:iam::aws:policy/${name}`)],
        `it attaches arn:aws:iam::aws:policy/${name}`,
      ),
    ),
    refuses("it by the older kind of attachment", [
      made("aws:iam/policyAttachment:PolicyAttachment", {
        policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      }),
    ]),
    refuses(
      "it in a role's list",
      [
        made(ROLE, {
          managedPolicyArns: [
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "arn:aws:iam::aws:policy/PowerUserAccess",
            "arn:aws:iam::aws:policy/IAMFullAccess",
          ],
        }),
      ],
      "it attaches arn:aws:iam::aws:policy/PowerUserAccess, arn:aws:iam::aws:policy/IAMFullAccess",
    ),
    allows(
      "less",
      attached("arn:aws:iam::aws:policy/ReadOnlyAccess"),
      attached("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
      attached("arn:aws:iam::aws:policy/AdministratorAccess-Amplify"),
      made(ROLE, { managedPolicyArns: [] }),
    ),
    allows(
      "a policy of our own, whatever its name",
      attached("arn:aws:iam::123456789012:policy/OurFullAccess"),
    ),
  ],
  "creates no users and no access keys": [
    refuses("a user", [made("aws:iam/user:User")], "it never expires"),
    refuses("a key", [made("aws:iam/accessKey:AccessKey")], "it never expires"),
    allows("a role", made(ROLE)),
  ],
};
