import type { StackView } from "../../declared";
import { each, list, ofType, Rules } from "../rule";
import { isMeant, lacking, roleOf } from "./rights";
import { architectureIn, architectureOf } from "./web";

const PIPELINE = "aws:imagebuilder/imagePipeline:ImagePipeline";
const INFRASTRUCTURE = "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration";
const RECIPE = "aws:imagebuilder/imageRecipe:ImageRecipe";

/**
 * What EC2InstanceProfileForImageBuilder and AmazonSSMManagedInstanceCore allow, except what decision 0068 leaves out with its reason:
 * https://docs.aws.amazon.com/imagebuilder/latest/userguide/security-iam-awsmanpol.html
 */
const BAKING = [
  "imagebuilder:GetComponent",
  "s3:GetObject",
  "logs:CreateLogGroup",
  "logs:CreateLogStream",
  "logs:PutLogEvents",
  "ssm:UpdateInstanceInformation",
  "ssmmessages:CreateControlChannel",
  "ssmmessages:CreateDataChannel",
  "ssmmessages:OpenControlChannel",
  "ssmmessages:OpenDataChannel",
  "ec2messages:AcknowledgeMessage",
  "ec2messages:DeleteMessage",
  "ec2messages:FailMessage",
  "ec2messages:GetEndpoint",
  "ec2messages:GetMessages",
  "ec2messages:SendReply",
];

/** The part of AmazonSSMManagedInstanceCore that a State Manager association needs to take an inventory. */
const INVENTORY = [
  "ssm:DescribeAssociation",
  "ssm:GetDocument",
  "ssm:ListAssociations",
  "ssm:ListInstanceAssociations",
  "ssm:PutInventory",
  "ssm:UpdateAssociationStatus",
  "ssm:UpdateInstanceAssociationStatus",
];

/** Six fields, and no rate: https://docs.aws.amazon.com/imagebuilder/latest/userguide/cron-expressions.html */
const CRON = /^(cron\()?\S+ \S+ (\? \S+ \S+|\S+ \S+ \?) \S+\)?$/;

const lackingAt = (view: StackView, infrastructure: unknown, actions: string[]) =>
  ofType(view, INFRASTRUCTURE)
    .filter((one) => isMeant(infrastructure, one))
    .flatMap(({ inputs }) => lacking(view, roleOf(view, inputs.instanceProfileName), actions));

/** What Image Builder refuses, or fails at during a build. */
export const imageRefusals: Rules = {
  "gives build instances the permissions that Image Builder requires": each(
    [INFRASTRUCTURE],
    ({ inputs }, view) => {
      const missing = lacking(view, roleOf(view, inputs.instanceProfileName), BAKING);
      return missing.length > 0 && `has a role that lacks ${missing.join(", ")}`;
    },
  ),

  // On by default: https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateImagePipeline.html
  "collects image metadata only with a role that may take inventories": each(
    [PIPELINE],
    ({ inputs }, view) => {
      if (inputs.enhancedImageMetadataEnabled === false) return false;
      const missing = lackingAt(view, inputs.infrastructureConfigurationArn, INVENTORY);
      return missing.length > 0 && `collects metadata with a role that lacks ${missing.join(", ")}`;
    },
  ),

  // https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_PipelineLoggingConfiguration.html
  "logs image builds where Image Builder may write": each([PIPELINE], ({ inputs }) => {
    const groups = Object.values<unknown>(inputs.loggingConfiguration ?? {});
    const outside = groups.filter(
      (group) =>
        typeof group === "string" && group.startsWith("/") && !group.startsWith("/aws/imagebuilder/"),
    );
    return (
      !inputs.executionRole && outside.length > 0 && `logs to ${outside.join(", ")}, but has no executionRole`
    );
  }),

  // The service-linked role writes only there:
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSServiceRoleForImageBuilder.html
  "publishes machine images where Image Builder may write": each(
    ["aws:imagebuilder/distributionConfiguration:DistributionConfiguration"],
    ({ inputs }) => {
      const outside = list<{ ssmParameterConfigurations?: { parameterName: string }[] }>(inputs.distributions)
        .flatMap(({ ssmParameterConfigurations }) => list(ssmParameterConfigurations))
        .map(({ parameterName }) => parameterName)
        .filter((name) => !name.startsWith("/imagebuilder/"));
      return outside.length > 0 && `writes the parameter ${outside.join(", ")}, outside /imagebuilder/`;
    },
  ),

  "bakes on a schedule that Image Builder accepts": each([PIPELINE], ({ inputs }) => {
    const schedule: unknown = inputs.schedule?.scheduleExpression;
    return typeof schedule === "string" && !CRON.test(schedule) && `bakes on the schedule ${schedule}`;
  }),

  "bakes images on instances of their own architecture": each([PIPELINE], ({ inputs }, view) => {
    const parent = ofType(view, RECIPE).find((one) => isMeant(inputs.imageRecipeArn, one))?.inputs
      .parentImage;
    const machines = ofType(view, INFRASTRUCTURE)
      .filter((one) => isMeant(inputs.infrastructureConfigurationArn, one))
      .flatMap((one) => list<string>(one.inputs.instanceTypes));
    const image = architectureIn(parent);
    const other = image && machines.find((machine) => architectureOf(machine) !== image);
    return other ? `bakes an image for ${image} on a ${other}` : false;
  }),
};
