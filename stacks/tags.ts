import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./environments";

const GROUP = "aws:autoscaling/group:Group";

type Tags = Record<string, pulumi.Input<string>>;
interface GroupTag {
  key: string;
  value: pulumi.Input<string>;
  propagateAtLaunch: boolean;
}

/** Whose a resource is: for bills, and for whoever looks for what a stack has left. Projects of the provisioner have `groundwork:` keys of their own. */
export const stackTags = (environment: Environment): Record<string, string> => ({
  "platform:project": pulumi.getProject(),
  "platform:stack": pulumi.getStack(),
  "platform:environment": environment,
});

/** Puts these tags on each resource that takes any; tags of its own with the same keys win. */
export function tagAll(environment: Environment): void {
  const ours = stackTags(environment);
  // The provider puts its default tags (aws:defaultTags) on everything but groups, which hand theirs on to their machines.
  const { tags: defaults = {} } =
    new pulumi.Config("aws").getObject<{ tags?: Record<string, string> }>("defaultTags") ?? {};
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    // The SDK names each argument that a resource may have, given or not.
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
