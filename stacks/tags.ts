import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environments";

const GROUP = "aws:autoscaling/group:Group";

type Tags = Record<string, pulumi.Input<string>>;
interface GroupTag {
  key: string;
  value: pulumi.Input<string>;
  propagateAtLaunch: boolean;
}

/** A resource's owner, for bills and for finding what a stack has left behind. The provisioner's projects have `groundwork:` keys of their own. */
export const stackTags = (environment: Environment): Record<string, string> => ({
  "platform:project": pulumi.getProject(),
  "platform:stack": pulumi.getStack(),
  "platform:environment": environment,
});

/** Adds these tags to each resource that takes tags. A resource's own tags with the same keys win. */
export function tagAll(environment: Environment): void {
  const ours = stackTags(environment);
  // The provider adds its default tags (aws:defaultTags) to everything but groups, which pass theirs on to their instances.
  const { tags: defaults = {} } =
    new pulumi.Config("aws").getObject<{ tags?: Record<string, string> }>("defaultTags") ?? {};
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    // The SDK lists each argument that a resource may have, given or not.
    if (!/^awsx?:/.test(type) || !("tags" in props)) return undefined;
    const tags =
      type === GROUP ? onGroup({ ...defaults, ...ours }, props.tags as GroupTag[]) : on(ours, props.tags);
    return { props: { ...props, tags }, opts };
  });
}

const on = (ours: Record<string, string>, given: pulumi.Input<Tags> | undefined): pulumi.Input<Tags> =>
  pulumi.Output.isInstance(given)
    ? given.apply((own) => ({ ...ours, ...(own as Tags) }))
    : { ...ours, ...(given as Tags) };

function onGroup(ours: Record<string, string>, given: GroupTag[] = []): GroupTag[] {
  const added = Object.entries(ours).filter(([key]) => !given.some((one) => one.key === key));
  return [...given, ...added.map(([key, value]) => ({ key, value, propagateAtLaunch: true }))];
}
