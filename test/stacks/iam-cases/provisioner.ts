import { physicalName } from "../../harness";
import { arn, each, Request, RoleCases, stream } from "./case";

const table = arn("dynamodb", `table/${physicalName("provisioner")}`);

const ofProject = { "ssm:resourceTag/groundwork:stack": "gwdev-0123456789" };

const logOf = (what: string) => arn("logs", `log-group:/groundwork/gwprod-abcdefgh12/${what}:log-stream:one`);

const toCloudFormation = { "iam:PassedToService": "cloudformation.amazonaws.com" };
const toAutomation = { "iam:PassedToService": "ssm.amazonaws.com" };

/** By the address, by its domain, and to a recipient whose identity SES asks for as well. */
const mails: Request[] = ["projects@example.com", "example.com", "team@example.org"].map((identity) => [
  "ses:SendEmail",
  arn("ses", `identity/${identity}`),
  { "ses:FromAddress": "projects@example.com" },
]);
const othersMails: Request[] = [
  ["ses:SendEmail", arn("ses", "identity/example.com"), { "ses:FromAddress": "boss@example.com" }],
  // An identity of another account, which that has shared.
  [
    "ses:SendEmail",
    "arn:aws:ses:eu-west-1:210987654321:identity/example.com",
    { "ses:FromAddress": "projects@example.com" },
  ],
];

const ASKED = { "aws:RequestTag/groundwork:provisioner": "gwdev" };
const TAGGED = { "aws:ResourceTag/groundwork:provisioner": "gwdev" };
/** Of a server, and of a site. */
const certificates = [
  arn("acm", "certificate/12345678"),
  "arn:aws:acm:us-east-1:123456789012:certificate/12345678",
];

const files = arn("elasticfilesystem", "file-system/fs-0123456789abcdef0");

export const provisionerCases: RoleCases = {
  "provisioner-provisioning": {
    takenBy: ["cloudformation.amazonaws.com"],
    may: [["s3:GetObject", `arn:aws:s3:::${physicalName("provisioner-templates")}/any`]],
    mayIn: {
      // The tag alone decides; the file system of the database does not bear it.
      dev: [
        ["elasticfilesystem:DeleteFileSystem", files, { "aws:ResourceTag/groundwork:provisioner": "gwdev" }],
      ],
    },
    mayNot: [["elasticfilesystem:DeleteFileSystem", files]],
  },
  "provisioner-runbooks": {
    takenBy: ["ssm.amazonaws.com"],
    may: [],
    mayIn: {
      // The tag alone decides; machines of the stack itself do not bear it.
      dev: ["network-nat-a", "projects-network-nat-a", "bastion"].map(
        (machine) => ["ssm:SendCommand", arn("ec2", `instance/${machine}`), ofProject] as const,
      ),
    },
    mayNot: [["ssm:SendCommand", arn("ec2", "instance/bastion")]],
  },
  "provisioner-machine": {
    takenBy: ["states.amazonaws.com"],
    may: [
      ["sqs:SendMessage", arn("sqs", physicalName("provisioner-manual"))],
      ["dynamodb:UpdateItem", table],
      ["lambda:InvokeFunction", arn("lambda", `function:${physicalName("provisioner-steps")}`)],
    ],
  },
  "provisioner-steps": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      [
        "iam:PassRole",
        `arn:aws:iam::123456789012:role/${physicalName("provisioner-provisioning")}`,
        toCloudFormation,
      ],
      ["logs:PutLogEvents", stream("provisioner-steps")],
      ["s3:GetObject", `arn:aws:s3:::${physicalName("provisioner-templates")}/any`],
      ...each(table, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
      ...mails,
    ],
    mayNot: [
      ...othersMails,
      ["iam:PassRole", `arn:aws:iam::123456789012:role/${physicalName("web")}`],
      ["cloudformation:DeleteStack", arn("cloudformation", "stack/network/any")],
    ],
  },
  "provisioner-api": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      [
        "iam:PassRole",
        `arn:aws:iam::123456789012:role/${physicalName("provisioner-runbooks")}`,
        toAutomation,
      ],
      ["logs:PutLogEvents", stream("provisioner-api")],
      ["ses:GetAccount", "*"],
      ["ses:GetEmailIdentity", arn("ses", "identity/example.org")],
      ...each(table, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
      ["cognito-idp:AdminGetUser", arn("cognito-idp", "userpool/eu-west-1_Example1")],
      ...mails,
      ["states:StartExecution", arn("states", `stateMachine:${physicalName("provisioner")}`)],
    ],
    mayIn: Object.fromEntries(
      ["dev", "stag", "prod"].map((stack) => [
        stack,
        [["ssm:GetParameter", arn("ssm", `parameter/groundwork/${stack}/provisioner/api-url`)]],
      ]),
    ),
    mayNot: [
      ["cloudformation:CreateStack", arn("cloudformation", "stack/any/any")],
      ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:gwdev-a/hook-1")],
      ...othersMails,
    ],
  },
  "provisioner-reading": {
    takenBy: ["lambda.amazonaws.com"],
    may: [["logs:PutLogEvents", stream("provisioner-reading")], ...each(table, "dynamodb:GetItem")],
    mayIn: Object.fromEntries(
      ["dev", "stag", "prod"].map((stack) => [
        stack,
        [
          ["logs:FilterLogEvents", arn("logs", `log-group:/groundwork/gw${stack}-a/build:*`)],
          ["logs:FilterLogEvents", arn("logs", `log-group:/groundwork/gw${stack}-a/app:*`)],
          ["ssm:GetParameter", arn("ssm", `parameter/groundwork/${stack}/provisioner/api-url`)],
        ],
      ]),
    ),
    mayNot: [
      ["logs:FilterLogEvents", arn("logs", "log-group:/aws/lambda/provisioner-api:*")],
      ["logs:FilterLogEvents", arn("logs", "log-group:/groundwork/another-a/app:*")],
      ["logs:GetLogEvents", logOf("app")],
      ...each(table, "dynamodb:UpdateItem", "dynamodb:Query"),
      ["secretsmanager:GetSecretValue", "*"],
      ["ses:SendEmail", "*"],
    ],
  },
  "provisioner-pushes": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("provisioner-pushes")],
      ...each(table, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
      ["cognito-idp:AdminGetUser", arn("cognito-idp", "userpool/eu-west-1_Example1")],
      ["states:StartExecution", arn("states", `stateMachine:${physicalName("provisioner")}`)],
    ],
    mayIn: { dev: [["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:gwdev-a/hook-1")]] },
    mayNot: [
      ["secretsmanager:CreateSecret", arn("secretsmanager", "secret:gwdev-a/hook-1")],
      ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:session")],
      ["states:SendTaskSuccess", "*"],
      ["ses:SendEmail", "*"],
      ["cloudformation:CreateStack", arn("cloudformation", "stack/any/any")],
    ],
  },
  "provisioner-domains": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:PutLogEvents", stream("provisioner-domains")],
      ...each(table, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
      ...mails,
      ["states:StartExecution", arn("states", `stateMachine:${physicalName("provisioner")}`)],
    ],
    mayIn: {
      // The tag alone decides, when one is asked for as later; the platform's own certificates do not bear it.
      dev: [
        ["acm:RequestCertificate", "*", { ...ASKED, "acm:ValidationMethod": "DNS" }],
        ...certificates.flatMap((certificate): Request[] => [
          ["acm:AddTagsToCertificate", certificate, ASKED],
          ["acm:DescribeCertificate", certificate, TAGGED],
          ["acm:DeleteCertificate", certificate, TAGGED],
        ]),
      ],
    },
    mayNot: [
      ...othersMails,
      ["acm:RequestCertificate", "*", { "acm:ValidationMethod": "DNS" }],
      ["acm:RequestCertificate", "*", { ...ASKED, "acm:ValidationMethod": "EMAIL" }],
      ...certificates.flatMap((certificate): Request[] => [
        ["acm:AddTagsToCertificate", certificate],
        ["acm:DescribeCertificate", certificate],
        ["acm:DeleteCertificate", certificate],
      ]),
      ["acm:ExportCertificate", certificates[0]!, TAGGED],
      ["cloudformation:CreateChangeSet", arn("cloudformation", "stack/any/any")],
      ["secretsmanager:GetSecretValue", arn("secretsmanager", "secret:gwdev/a")],
    ],
  },
  "provisioner-reconcile": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      [
        "iam:PassRole",
        `arn:aws:iam::123456789012:role/${physicalName("provisioner-provisioning")}`,
        toCloudFormation,
      ],
      ["sqs:SendMessage", arn("sqs", physicalName("provisioner-manual"))],
      ["logs:PutLogEvents", stream("provisioner-reconcile")],
      ...each(table, "dynamodb:GetItem", "dynamodb:UpdateItem"),
      ...mails,
      ["states:StartExecution", arn("states", `stateMachine:${physicalName("provisioner")}`)],
    ],
    mayIn: { prod: [["logs:GetLogEvents", logOf("build")]] },
    mayNot: [...othersMails, ["dynamodb:DeleteItem", table], ["logs:GetLogEvents", logOf("app")]],
  },
};
