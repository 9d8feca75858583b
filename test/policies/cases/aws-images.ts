import { mayDo } from "./aws-network";
import { allows, Cases, made, named, refuses } from "./case";

const PIPELINE = "aws:imagebuilder/imagePipeline:ImagePipeline";
const PLACES = "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration";
const DISTRIBUTION = "aws:imagebuilder/distributionConfiguration:DistributionConfiguration";

const ROLE = named("role", "aws:iam/role:Role");
const PROFILE = named("profile", "aws:iam/instanceProfile:InstanceProfile", { role: "role-id" });
const place = named("place", PLACES, { instanceProfileName: "profile-id", instanceTypes: ["t4g.small"] });
const BAKING = [
  "imagebuilder:GetComponent",
  "s3:GetObject",
  ...["CreateLogGroup", "CreateLogStream", "PutLogEvents"].map((action) => `logs:${action}`),
  "ssm:UpdateInstanceInformation",
  ...["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
    (action) => `ssmmessages:${action}`,
  ),
  ...["AcknowledgeMessage", "DeleteMessage", "FailMessage", "GetEndpoint", "GetMessages", "SendReply"].map(
    (action) => `ec2messages:${action}`,
  ),
];
const INVENTORY = [
  ...["DescribeAssociation", "GetDocument", "ListAssociations", "ListInstanceAssociations", "PutInventory"],
  ...["UpdateAssociationStatus", "UpdateInstanceAssociationStatus"],
].map((action) => `ssm:${action}`);
const pipeline = (inputs: object) =>
  made(PIPELINE, { infrastructureConfigurationArn: "place-id", ...inputs });
const published = (parameterName: string) =>
  made(DISTRIBUTION, { distributions: [{ ssmParameterConfigurations: [{ parameterName }] }] });
const scheduled = (scheduleExpression: string) => pipeline({ schedule: { scheduleExpression } });
const recipe = (parentImage: string) =>
  named("recipe", "aws:imagebuilder/imageRecipe:ImageRecipe", { parentImage });
const baked = pipeline({ imageRecipeArn: "recipe-id" });

export const awsImageCases: Cases = {
  "gives build instances the permissions that Image Builder requires": [
    ...BAKING.map((action) =>
      refuses(
        `a role without ${action}`,
        [place, PROFILE, ROLE, mayDo(...BAKING.filter((one) => one !== action))],
        `lacks ${action}`,
      ),
    ),
    allows("a role with all of them", place, PROFILE, ROLE, mayDo(...BAKING)),
    allows("a profile of somebody else's", place),
  ],
  "collects image metadata only with a role that may take inventories": [
    ...INVENTORY.map((action) =>
      refuses(
        `a role without ${action}`,
        [
          pipeline({ enhancedImageMetadataEnabled: true }),
          place,
          PROFILE,
          ROLE,
          mayDo(...INVENTORY.filter((one) => one !== action)),
        ],
        `lacks ${action}`,
      ),
    ),
    refuses("a pipeline that says nothing of it", [pipeline({}), place, PROFILE, ROLE], "collects metadata"),
    allows("a role that may", pipeline({}), place, PROFILE, ROLE, mayDo(...INVENTORY)),
    allows(
      "a pipeline that collects none",
      pipeline({ enhancedImageMetadataEnabled: false }),
      place,
      PROFILE,
      ROLE,
    ),
    allows("machines of another pipeline", made(PIPELINE), place, PROFILE, ROLE),
  ],
  "logs image builds where Image Builder may write": [
    refuses(
      "another group",
      [
        pipeline({
          loggingConfiguration: { imageLogGroupName: "/ours", pipelineLogGroupName: "/aws/imagebuilder/a" },
        }),
      ],
      "logs to /ours, but has no executionRole",
    ),
    allows(
      "a group below the prefix, and another one with a role for it",
      pipeline({}),
      pipeline({ loggingConfiguration: { imageLogGroupName: "/aws/imagebuilder/a" } }),
      pipeline({ loggingConfiguration: { imageLogGroupName: "/ours" }, executionRole: "role" }),
    ),
  ],
  "publishes machine images where Image Builder may write": [
    refuses("another parameter", [published("/ours")], "writes the parameter /ours"),
    allows(
      "one below the prefix, and none",
      published("/imagebuilder/a"),
      made(DISTRIBUTION, { distributions: [{}] }),
    ),
  ],
  "bakes on a schedule that Image Builder accepts": [
    ...["rate(7 days)", "cron(0 3 ? * sun)", "cron(0 3 1 * sun *)", "sundays"].map((schedule) =>
      refuses(schedule, [scheduled(schedule)], `bakes on the schedule ${schedule}`),
    ),
    allows("both forms", scheduled("cron(0 3 ? * sun *)"), scheduled("0 3 1 * ? *"), pipeline({})),
  ],
  "bakes images on instances of their own architecture": [
    refuses(
      "an image for the other one",
      [baked, recipe("amazon-linux-2023-x86_64"), place],
      "bakes an image for x86_64 on a t4g.small",
    ),
    allows("what fits", baked, recipe("amazon-linux-2023-arm64"), place),
    allows("an image that says nothing", baked, recipe("ours"), place),
    allows("another recipe", pipeline({}), recipe("amazon-linux-2023-x86_64"), place),
  ],
};
