import { arn, each, RoleCases, stream } from "./case";

const table = arn("dynamodb", "table/provisioner-1234567");

const ofProject = { "ssm:resourceTag/groundwork:stack": "gwdev-0123456789" };

const toCloudFormation = { "iam:PassedToService": "cloudformation.amazonaws.com" };
const toAutomation = { "iam:PassedToService": "ssm.amazonaws.com" };

export const provisionerCases: RoleCases = {
  "provisioner-provisioning": {
    takenBy: ["cloudformation.amazonaws.com"],
    may: [["s3:GetObject", "arn:aws:s3:::provisioner-templates-1234567/any"]],
  },
  "provisioner-runbooks": {
    takenBy: ["ssm.amazonaws.com"],
    may: [],
    mayIn: {
      // The tag alone decides; machines of the stack itself do not bear it.
      dev: ["network-nat-a", "bastion"].map(
        (machine) => ["ssm:SendCommand", arn("ec2", `instance/${machine}`), ofProject] as const,
      ),
    },
    mayNot: [["ssm:SendCommand", arn("ec2", "instance/bastion")]],
  },
  "provisioner-machine": {
    takenBy: ["states.amazonaws.com"],
    may: [
      ["sqs:SendMessage", arn("sqs", "provisioner-manual-1234567")],
      ["dynamodb:UpdateItem", table],
      ["lambda:InvokeFunction", arn("lambda", "function:provisioner-steps-1234567")],
    ],
  },
  "provisioner-steps": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["iam:PassRole", "arn:aws:iam::123456789012:role/provisioner-provisioning-1234567", toCloudFormation],
      ["logs:PutLogEvents", stream("provisioner-steps")],
      ["s3:GetObject", "arn:aws:s3:::provisioner-templates-1234567/any"],
      ...each(table, "dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
    ],
    mayNot: [
      ["iam:PassRole", "arn:aws:iam::123456789012:role/web-1234567"],
      ["cloudformation:DeleteStack", arn("cloudformation", "stack/network/any")],
    ],
  },
  "provisioner-api": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["iam:PassRole", "arn:aws:iam::123456789012:role/provisioner-runbooks-1234567", toAutomation],
      ["logs:PutLogEvents", stream("provisioner-api")],
      ...each(table, "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"),
      ["cognito-idp:AdminGetUser", arn("cognito-idp", "userpool/eu-west-1_Example1")],
      ["states:StartExecution", arn("states", "stateMachine:provisioner-1234567")],
    ],
    mayNot: [["cloudformation:CreateStack", arn("cloudformation", "stack/any/any")]],
  },
  "provisioner-reconcile": {
    takenBy: ["lambda.amazonaws.com"],
    may: [
      ["iam:PassRole", "arn:aws:iam::123456789012:role/provisioner-provisioning-1234567", toCloudFormation],
      ["sqs:SendMessage", arn("sqs", "provisioner-manual-1234567")],
      ["logs:PutLogEvents", stream("provisioner-reconcile")],
      ...each(table, "dynamodb:GetItem", "dynamodb:UpdateItem"),
      ["states:StartExecution", arn("states", "stateMachine:provisioner-1234567")],
    ],
    mayNot: [["dynamodb:DeleteItem", table]],
  },
};
