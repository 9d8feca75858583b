import { physicalName } from "../../../components/testing/answers";
import { nameArgument } from "./names";
import type { Inputs, Thing } from "./rule";

const REGION = "eu-west-1";
const ACCOUNT = "123456789012";

const special: Record<string, (unique: string, inputs: Inputs) => Inputs> = {
  "aws:cognito/userPool:UserPool": (unique) => ({
    id: `${REGION}_${unique}`,
    arn: `arn:aws:cognito-idp:${REGION}:${ACCOUNT}:userpool/${REGION}_${unique}`,
    endpoint: `cognito-idp.${REGION}.amazonaws.com/${REGION}_${unique}`,
  }),
  "aws:efs/fileSystem:FileSystem": (unique) => ({
    arn: `arn:aws:elasticfilesystem:${REGION}:${ACCOUNT}:file-system/${unique}-id`,
  }),
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

/** What tells a thing from its like in one account, where the answers of the other tests do not. */
export const outputsOfItsOwn = (type: string, unique: string, inputs: Inputs): Inputs =>
  special[type]?.(unique, inputs) ?? {};

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
