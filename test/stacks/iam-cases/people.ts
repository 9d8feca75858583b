import { physicalName } from "../../harness";
import { arn, Request, RoleCases, stream, under } from "./case";

const normal = `arn:aws:s3:::${physicalName("uploads-normal")}`;
const sensitive = `arn:aws:s3:::${physicalName("uploads-sensitive")}`;
const events = arn("sqs", physicalName("uploads-mover-events"));
const own = { "s3:prefix": "uploads/a-person/" };
const identity = (stack: string, name: string) =>
  arn("ssm", `parameter/groundwork/${stack}/identity/${name}`);

/** What S3 does in the name of whoever puts or reads a sensitive file. */
const underKey: Request[] = under(
  arn("kms", "key/uploads-sensitive-id"),
  "s3",
  "kms:GenerateDataKey",
  "kms:Decrypt",
);

/** What sign-in and uploads ask of the web servers' role. */
export const webMay: Request[] = [
  ["s3:PutObject", `${normal}/uploads/a-person/file`],
  ["s3:PutObject", `${sensitive}/uploads/a-person/file`],
  ["s3:AbortMultipartUpload", `${normal}/uploads/a-person/file`],
  ["s3:GetObject", `${normal}/uploads/a-person/file`],
  ["s3:DeleteObject", `${normal}/uploads/a-person/file`],
  ["s3:ListBucket", normal, own],
  ["s3:ListBucket", sensitive, own],
  ["cognito-idp:AdminUserGlobalSignOut", arn("cognito-idp", "userpool/eu-west-1_Example1")],
  ...underKey,
];

export const webMayNot: Request[] = [
  ["s3:GetObject", `${sensitive}/uploads/a-person/file`],
  ["s3:GetObject", `${normal}/elsewhere`],
  ["s3:GetObjectVersion", `${normal}/uploads/a-person/file`],
  ["s3:DeleteObjectVersion", `${normal}/uploads/a-person/file`],
  ["s3:PutObject", `${normal}/elsewhere`],
  ["s3:PutObjectTagging", `${normal}/uploads/a-person/file`],
  ["s3:ListBucket", normal],
  ["s3:ListBucket", sensitive, { "s3:prefix": "" }],
  ["kms:GenerateDataKey", arn("kms", "key/people-sessions-id")],
  ["ssm:GetParameters", identity("other", "web-client-secret")],
  ["ssm:PutParameter", identity("dev", "web-client-secret")],
  ["cognito-idp:AdminSetUserPassword", arn("cognito-idp", "userpool/eu-west-1_Example1")],
];

export const peopleCases: RoleCases = {
  "uploads-mover": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["logs:CreateLogStream", stream("uploads-mover")],
      ["logs:PutLogEvents", stream("uploads-mover")],
      ["sqs:ReceiveMessage", events],
      ["sqs:DeleteMessage", events],
      ["sqs:ChangeMessageVisibility", events],
      ["s3:ListBucket", normal],
      ["s3:GetObjectVersion", `${normal}/any`],
      ["s3:GetObjectVersionTagging", `${normal}/any`],
      ["s3:DeleteObjectVersion", `${normal}/any`],
      ["s3:PutObject", `${sensitive}/any`],
      ["s3:PutObjectTagging", `${sensitive}/any`],
      // By a marker, which takes nothing away: what a person has deleted stays deleted when it is moved.
      ["s3:DeleteObject", `${sensitive}/any`],
      ...underKey,
    ],
    mayNot: [
      ["s3:GetObject", `${normal}/any`],
      ["s3:DeleteObject", `${normal}/any`],
      ["s3:ListBucket", sensitive],
      ["s3:PutObject", `${normal}/any`],
      ["s3:GetObject", `${sensitive}/any`],
      ["s3:GetObjectVersion", `${sensitive}/any`],
      ["s3:DeleteObjectVersion", `${sensitive}/any`],
      ["sqs:SendMessage", events],
    ],
  },
  "uploads-scanner": {
    takenBy: ["malware-protection-plan.guardduty.amazonaws.com"],
    may: [
      ["s3:ListBucket", normal],
      ["s3:GetObject", `${normal}/any`],
      ["s3:PutObjectTagging", `${normal}/any`],
      ["s3:ListBucket", sensitive],
      ["s3:GetObject", `${sensitive}/any`],
      ["s3:PutObjectTagging", `${sensitive}/any`],
      ...underKey,
    ],
    mayNot: [
      ["s3:PutObject", `${normal}/any`],
      ["s3:DeleteObject", `${normal}/any`],
    ],
  },
};
