import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export type Place = { account: pulumi.Output<string>; region: pulumi.Output<string> };

/** A resource of this account and region; everything of a project begins with the prefix of all of them. */
export function arnIn({ account, region }: Place, service: string, resource: string): pulumi.Output<string> {
  return pulumi.interpolate`arn:aws:${service}:${region}:${account}:${resource}`;
}

export function here(parent: pulumi.InvokeOptions): Place {
  return {
    account: aws.getCallerIdentityOutput({}, parent).accountId,
    region: aws.getRegionOutput({}, parent).region,
  };
}

/** The path of the projects' own roles. */
export const ROLE_PATH = "/groundwork-projects/";
