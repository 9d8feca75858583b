import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { here } from "../shared/here";
import { AMAZON_LINUX, machineProfile, sessionManagerPermissions } from "../shared/instance";
import { Monitoring } from "../shared/monitoring";
import { fill, Complete } from "../shared/options";
import { allow, Statement } from "../shared/permissions";
import { egress, securityGroup } from "../shared/security-group";
import { BakedImageArgs, BakedImageLike, bakedImageOptions } from "./args";
import { bakedImageMonitoring } from "./baked-image-alarms";
import { buildDocument, testDocument } from "./baked-image-script";
import { firstBaking } from "./first-baking";
import { IMAGE_TAG, oldImages } from "./old-images";

const RECIPE_VERSION = "1.0.0";

const imageArnPrefixes = kept<pulumi.Output<string>>();

/**
 * A machine image with everything that a web server needs, built and tested by EC2 Image Builder: once soon after the stack comes up,
 * then on a schedule. The newest three are kept; all are deleted with the stack.
 * Costs the minutes of two machines a run and about 0.40 USD a month for the images. A failed run leaves the previous image in place.
 */
export class BakedImage extends pulumi.ComponentResource implements BakedImageLike {
  /** The SSM parameter with the newest image. It names plain Amazon Linux until the first one is built. */
  readonly imageParameter: string;
  readonly imagePipelineArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: BakedImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("BakedImage", name, bakedImageOptions, args);
    super("groundwork:index:BakedImage", name, {}, opts);
    const parent = { parent: this };
    // Image Builder's own role writes below this prefix and nowhere else.
    const own = `groundwork/${pulumi.getStack()}/${name}`;
    this.imageParameter = `/imagebuilder/${own}`;
    const first = firstImage(name, this.imageParameter, parent);
    const app = appParameter(name, `${this.imageParameter}-app`, args.image.imageUri, parent);
    const componentArns = documents(name, app.name, parent);
    const recipe = recipeOf(name, componentArns, parent);
    const log = new aws.cloudwatch.LogGroup(
      name,
      // Image Builder writes below this prefix and nowhere else, unless it gets a role of its own.
      { name: `/aws/imagebuilder/${own}`, retentionInDays: filled.logRetentionDays },
      parent,
    );
    const group = securityGroup(name, args.network.vpcId, "Machines that bake images", parent);
    const pipeline = new aws.imagebuilder.ImagePipeline(
      name,
      {
        description: "Web servers' machine image",
        imageRecipeArn: recipe.arn,
        infrastructureConfigurationArn: infrastructure(
          name,
          filled,
          { componentArns, group, log, app },
          parent,
        ),
        distributionConfigurationArn: distribution(name, this.imageParameter, parent),
        // On by default: an inventory that nobody here reads and for which the machine would need more permissions. In an account that
        // takes inventories of all machines, the build would produce no image.
        enhancedImageMetadataEnabled: false,
        imageTestsConfiguration: { imageTestsEnabled: true, timeoutMinutes: 60 },
        loggingConfiguration: { imageLogGroupName: log.name, pipelineLogGroupName: log.name },
        // Always builds: packages and the app's image are newer than what Image Builder counts as new.
        schedule: {
          scheduleExpression: filled.schedule,
          pipelineExecutionStartCondition: "EXPRESSION_MATCH_ONLY",
        },
      },
      { ...parent, dependsOn: [first, log, ...(args.network.ready ?? [])] },
    );
    firstBaking(`${name}-first`, pipeline.arn, parent);
    const arnPrefix = here(parent).arn("imagebuilder", pulumi.interpolate`image/${recipe.name}/`);
    oldImages(
      `${name}-old`,
      { value: this.imageParameter, arnPrefix, logRetentionDays: filled.logRetentionDays },
      parent,
    );
    this.imagePipelineArn = pipeline.arn;
    imageArnPrefixes.keep(this, arnPrefix);
    this.securityGroupId = group.id;
    args.network.allowEgress?.(name, group.id);
    this.registerOutputs({
      imageParameter: this.imageParameter,
      imagePipelineArn: this.imagePipelineArn,
      securityGroupId: this.securityGroupId,
    });
  }

  /** Alarms for failed builds of the image. */
  monitoring(): Monitoring[] {
    return [bakedImageMonitoring(imageArnPrefixes.of(this))];
  }
}

type CompleteArgs = Complete<typeof bakedImageOptions> & Pick<BakedImageArgs, "network" | "image">;
type Parent = { parent: pulumi.Resource };

/** Servers start from this parameter before anything is baked. Afterwards, Image Builder sets it. */
function firstImage(name: string, parameter: string, parent: Parent): aws.ssm.Parameter {
  return new aws.ssm.Parameter(
    name,
    {
      name: parameter,
      description: "The newest machine image of the web servers",
      type: "String",
      dataType: "aws:ec2:image",
      value: aws.ssm.getParameterOutput({ name: AMAZON_LINUX }, parent).value,
    },
    { ...parent, ignoreChanges: ["value"] },
  );
}

/** The building machine reads it, so that a release needs no new recipe: the images of a recipe belong together. */
function appParameter(
  name: string,
  parameter: string,
  image: pulumi.Input<string>,
  parent: Parent,
): aws.ssm.Parameter {
  return new aws.ssm.Parameter(
    `${name}-app`,
    {
      name: parameter,
      description: "The app in the web servers' machine image",
      type: "String",
      value: image,
    },
    parent,
  );
}

function documents(
  name: string,
  appParameter: pulumi.Output<string>,
  parent: Parent,
): pulumi.Output<string>[] {
  const { region } = here(parent);
  const component = (role: string, document: typeof buildDocument) =>
    new aws.imagebuilder.Component(
      role,
      {
        platform: "Linux",
        version: RECIPE_VERSION,
        supportedOsVersions: ["Amazon Linux 2023"],
        data: pulumi
          .all([region, appParameter])
          .apply(([region, appParameter]) => document({ region, appParameter })),
      },
      parent,
    ).arn;
  return [component(name, buildDocument), component(`${name}-test`, testDocument)];
}

function recipeOf(
  name: string,
  componentArns: pulumi.Output<string>[],
  parent: Parent,
): aws.imagebuilder.ImageRecipe {
  const { region } = here(parent);
  return new aws.imagebuilder.ImageRecipe(
    name,
    {
      version: RECIPE_VERSION,
      parentImage: pulumi.interpolate`arn:aws:imagebuilder:${region}:aws:image/amazon-linux-2023-arm64/x.x.x`,
      components: componentArns.map((componentArn) => ({ componentArn })),
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { encrypted: "true", volumeType: "gp3", volumeSize: 10, deleteOnTermination: "true" },
        },
      ],
    },
    parent,
  );
}

interface Parts {
  componentArns: pulumi.Output<string>[];
  group: aws.ec2.SecurityGroup;
  log: aws.cloudwatch.LogGroup;
  app: aws.ssm.Parameter;
}

function infrastructure(
  name: string,
  args: CompleteArgs,
  { componentArns, group, log, app }: Parts,
  parent: Parent,
): pulumi.Output<string> {
  egress(
    `${name}-https`,
    group.id,
    { description: "Packages, images and AWS", port: 443, cidr: "0.0.0.0/0" },
    parent,
  );
  const { profile } = machineProfile(name, statementsOf(args, componentArns, log, app), parent);
  return new aws.imagebuilder.InfrastructureConfiguration(
    name,
    {
      instanceProfileName: profile.name,
      instanceTypes: [args.instanceType],
      subnetId: args.network.privateSubnetIds[0]!,
      securityGroupIds: [group.id],
      instanceMetadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      terminateInstanceOnFailure: true,
    },
    parent,
  ).arn;
}

function statementsOf(
  args: BakedImageArgs,
  componentArns: pulumi.Output<string>[],
  log: aws.cloudwatch.LogGroup,
  app: aws.ssm.Parameter,
): Statement[] {
  return [
    ...sessionManagerPermissions,
    // The rest of what Run Command needs, through which Image Builder controls the machine.
    allow(["ec2messages:DeleteMessage", "ec2messages:FailMessage", "ec2messages:GetEndpoint"], "*"), // * because ec2messages has no resource-level permission
    allow(["imagebuilder:GetComponent"], componentArns),
    // Here AWS keeps the programs that carry out a recipe.
    allow(["s3:GetObject"], "arn:aws:s3:::ec2imagebuilder*/*"),
    allow(
      ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      [log.arn, pulumi.interpolate`${log.arn}:*`],
    ),
    allow(["ssm:GetParameter"], app.arn),
    allow(["ecr:GetAuthorizationToken"], "*"), // * because a registry's token has no resource-level permission
    allow(
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      args.image.repositoryArn,
    ),
  ];
}

function distribution(name: string, parameterName: string, parent: Parent): pulumi.Output<string> {
  return new aws.imagebuilder.DistributionConfiguration(
    name,
    {
      distributions: [
        {
          region: here(parent).region,
          amiDistributionConfiguration: {
            name: `${pulumi.getStack()}-${name}-{{ imagebuilder:buildDate }}`,
            amiTags: { Name: name, [IMAGE_TAG]: parameterName },
          },
          ssmParameterConfigurations: [{ parameterName, dataType: "aws:ec2:image" }],
        },
      ],
    },
    parent,
  ).arn;
}
