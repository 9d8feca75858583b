import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The account and region that a stack is in. */
export interface Here {
  accountId: pulumi.Output<string>;
  region: pulumi.Output<string>;
  /** The ARN of something in this account and region. */
  arn(service: string, resource: pulumi.Input<string>): pulumi.Output<string>;
}

/** Looked up once for each component; children inherit its provider, so they share the answer. */
const known = new WeakMap<pulumi.Resource, Here>();

/** Where the children of a component are made. */
export function here(opts: { parent?: pulumi.Resource }): Here {
  const { parent } = opts;
  const found = parent && known.get(parent);
  if (found) return found;
  const accountId = aws.getCallerIdentityOutput({}, opts).accountId;
  const region = aws.getRegionOutput({}, opts).region;
  const made: Here = {
    accountId,
    region,
    arn: (service, resource) => pulumi.interpolate`arn:aws:${service}:${region}:${accountId}:${resource}`,
  };
  if (parent) known.set(parent, made);
  return made;
}
