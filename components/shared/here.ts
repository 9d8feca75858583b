import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The account and region of a stack. */
export interface Here {
  accountId: pulumi.Output<string>;
  region: pulumi.Output<string>;
  /** Returns the ARN of a resource in this account and region. */
  arn(service: string, resource: pulumi.Input<string>): pulumi.Output<string>;
}

/** Looked up once per component. Children inherit its provider, so they share the answer. */
const known = new WeakMap<pulumi.Resource, Here>();

/** The account and region in which a component creates its children. */
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
