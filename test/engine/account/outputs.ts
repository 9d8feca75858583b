import { physicalName } from "../../../components/testing/answers";
import { nameArgument } from "../../../sandbox/engine/names";
import type { Inputs, Thing } from "./rule";

const REGION = "eu-west-1";
const ACCOUNT = "123456789012";

/** What tells a thing from its like, in the digits that AWS writes ids with. */
const digits = (unique: string, length: number) => unique.slice(-7).padStart(length, "0");

const ofImageBuilder = (what: string) => ({ arn: `arn:aws:imagebuilder:${REGION}:${ACCOUNT}:${what}` });

const special: Record<string, (unique: string, inputs: Inputs) => Inputs> = {
  "aws:cognito/userPool:UserPool": (unique) => {
    const id = `${REGION}_${digits(unique, 9)}`;
    return {
      id,
      arn: `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${id}`,
      endpoint: `cognito-idp.${REGION}.amazonaws.com/${id}`,
    };
  },
  "aws:efs/fileSystem:FileSystem": (unique) => {
    const id = `fs-${digits(unique, 17)}`;
    return { id, arn: `arn:aws:elasticfilesystem:${REGION}:${ACCOUNT}:file-system/${id}` };
  },
  "aws:imagebuilder/distributionConfiguration:DistributionConfiguration": (unique) =>
    ofImageBuilder(`distribution-configuration/${unique}`),
  "aws:imagebuilder/imageRecipe:ImageRecipe": (unique, { version }) =>
    ofImageBuilder(`image-recipe/${unique}/${String(version)}`),
  "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": (unique) =>
    ofImageBuilder(`infrastructure-configuration/${unique}`),
  "aws:kms/key:Key": (unique) => {
    const id = `01234567-89ab-cdef-0123-${digits(unique, 12)}`;
    return { id, keyId: id, arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}` };
  },
  "aws:apigateway/stage:Stage": (_, { restApi, stageName }) => ({
    arn: `arn:aws:apigateway:${REGION}::/restapis/${String(restApi)}/stages/${String(stageName)}`,
  }),
  "aws:ecr/repository:Repository": (_, { name }) => ({
    arn: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${String(name)}`,
    repositoryUrl: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${String(name)}`,
  }),
  "aws:codestarconnections/connection:Connection": (unique) => ({
    arn: `arn:aws:codestar-connections:${REGION}:${ACCOUNT}:connection/${unique}`,
  }),
};

/** What EC2 begins an id with, where other services look at it. */
const OF_EC2: Record<string, string> = {
  "aws:ec2/launchTemplate:LaunchTemplate": "lt",
  "aws:ec2/routeTable:RouteTable": "rtb",
  "aws:ec2/securityGroup:SecurityGroup": "sg",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/vpc:Vpc": "vpc",
};

/** What tells a thing from its like in one account, where the answers of the other tests do not. */
export function outputsOfItsOwn(type: string, unique: string, inputs: Inputs): Inputs {
  const prefix = OF_EC2[type];
  return prefix ? { id: `${prefix}-${digits(unique, 17)}` } : (special[type]?.(unique, inputs) ?? {});
}

/** The name that a thing has on AWS, wherever the other tests' answers make one up. */
export function byItsName(type: string, unique: string, inputs: Inputs, computed: Inputs): Inputs {
  const name = inputs[nameArgument(type) ?? ""] as unknown;
  const madeUp = physicalName(unique);
  if (typeof name !== "string") return computed;
  const entries = Object.entries(computed).map(([key, value]): [string, unknown] => [
    key,
    typeof value === "string" ? value.replaceAll(madeUp, name) : value,
  ]);
  return Object.fromEntries(entries);
}

/** Each change of a launch template is a new version of it. */
export function latestVersion({ type, outputs }: Thing): Inputs {
  return type === "aws:ec2/launchTemplate:LaunchTemplate"
    ? { latestVersion: Number(outputs.latestVersion) + 1 }
    : {};
}
