import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { here } from "../shared/here";
import { AMAZON_LINUX, machineProfile, sessionManagerPermissions } from "../shared/instance";
import { Monitoring } from "../shared/monitoring";
import { fill, Filled } from "../shared/options";
import { allow, Statement } from "../shared/permissions";
import { egress, securityGroup } from "../shared/security-group";
import { BakedImageArgs, BakedImageLike, bakedImageOptions } from "./args";
import { bakedImageMonitoring } from "./baked-image-alarms";
import { buildDocument, testDocument } from "./baked-image-script";

const RECIPE_VERSION = "1.0.0";

const imageArnPrefixes = kept<pulumi.Output<string>>();

/**
 * A machine image with everything a web server needs, baked and tested on a schedule by EC2 Image Builder.
 * Costs the minutes of two machines a run and cents for the image. A run that fails leaves the image before it in place.
 */
export class BakedImage extends pulumi.ComponentResource implements BakedImageLike {
  /** Holds the newest image; plain Amazon Linux until the first one is baked. */
  readonly imageParameter: string;
  readonly imagePipelineArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: BakedImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("BakedImage", name, bakedImageOptions, args);
    super("groundwork:index:BakedImage", name, {}, opts);
    const parent = { parent: this };
    // Image Builder's own role writes below this prefix and nowhere else.
    this.imageParameter = `/imagebuilder/groundwork/${pulumi.getStack()}/${name}`;
    const first = firstImage(name, this.imageParameter, parent);
    const componentArns = documents(name, args, parent);
    const recipe = recipeOf(name, componentArns, parent);
    const log = new aws.cloudwatch.LogGroup(
      name,
      // Image Builder dictates this name and, when the group is not there, makes one that is kept for ever.
      {
        name: pulumi.interpolate`/aws/imagebuilder/${recipe.name}`,
        retentionInDays: filled.logRetentionDays,
      },
      parent,
    );
    const group = securityGroup(name, args.network.vpcId, "Machines that bake images", parent);
    const pipeline = new aws.imagebuilder.ImagePipeline(
      name,
      {
        description: "Web servers' machine image",
        imageRecipeArn: recipe.arn,
        infrastructureConfigurationArn: infrastructure(name, filled, { componentArns, group, log }, parent),
        distributionConfigurationArn: distribution(name, this.imageParameter, parent),
        enhancedImageMetadataEnabled: true,
        imageTestsConfiguration: { imageTestsEnabled: true, timeoutMinutes: 60 },
        schedule: {
          scheduleExpression: filled.schedule,
          pipelineExecutionStartCondition: "EXPRESSION_MATCH_AND_DEPENDENCY_UPDATES_AVAILABLE",
        },
      },
      { ...parent, dependsOn: [first, log] },
    );
    this.imagePipelineArn = pipeline.arn;
    imageArnPrefixes.keep(this, here(parent).arn("imagebuilder", pulumi.interpolate`image/${recipe.name}/`));
    this.securityGroupId = group.id;
    args.network.allowEgress?.(name, group.id);
    this.registerOutputs({
      imageParameter: this.imageParameter,
      imagePipelineArn: this.imagePipelineArn,
      securityGroupId: this.securityGroupId,
    });
  }

  /** Tells when a baking fails. */
  monitoring(): Monitoring[] {
    return [bakedImageMonitoring(imageArnPrefixes.of(this))];
  }
}

type FilledArgs = Filled<typeof bakedImageOptions> & Pick<BakedImageArgs, "network" | "image">;
type Parent = { parent: pulumi.Resource };

/** Servers start from the parameter before there is anything baked; afterwards it is Image Builder's. */
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

function documents(name: string, args: BakedImageArgs, parent: Parent): pulumi.Output<string>[] {
  const { region } = here(parent);
  const component = (role: string, document: typeof buildDocument) =>
    new aws.imagebuilder.Component(
      role,
      {
        platform: "Linux",
        version: RECIPE_VERSION,
        supportedOsVersions: ["Amazon Linux 2023"],
        data: pulumi
          .all([region, args.image.imageUri])
          .apply(([region, image]) => document({ region, image })),
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
}

function infrastructure(
  name: string,
  args: FilledArgs,
  { componentArns, group, log }: Parts,
  parent: Parent,
): pulumi.Output<string> {
  egress(
    `${name}-https`,
    group.id,
    { description: "Packages, images and AWS", port: 443, cidr: "0.0.0.0/0" },
    parent,
  );
  const { profile } = machineProfile(name, statementsOf(args, componentArns, log), parent);
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
): Statement[] {
  return [
    ...sessionManagerPermissions,
    allow(["imagebuilder:GetComponent"], componentArns),
    // Where AWS keeps the programs that carry out a recipe.
    allow(["s3:GetObject"], "arn:aws:s3:::ec2imagebuilder*/*"),
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${log.arn}:*`),
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
            name: `${name}-{{ imagebuilder:buildDate }}`,
            amiTags: { Name: name },
          },
          ssmParameterConfigurations: [{ parameterName, dataType: "aws:ec2:image" }],
        },
      ],
    },
    parent,
  ).arn;
}
