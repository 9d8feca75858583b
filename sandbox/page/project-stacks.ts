import type { Stack } from "@aws-sdk/client-cloudformation";
import type { Group } from "../fleet/view";

/** A project as CloudFormation has it. */
export interface ProjectStack {
  name: string;
  project: string;
  status: string;
  machines: number;
}

/** Resources named after a stack are part of it: its groups, and its nested stacks. */
export const isWithin = (name: string, stacks: { name: string }[]) =>
  stacks.some((stack) => name.startsWith(`${stack.name}-`));

export function projectStacks(found: Stack[], groups: Group[]): ProjectStack[] {
  const stacks = found.map(({ StackName, StackStatus, Tags = [] }) => ({
    name: StackName!,
    status: StackStatus!,
    project: Tags.find(({ Key }) => Key === "Name")?.Value ?? StackName!,
  }));
  const outer = stacks.filter(({ name }) => !isWithin(name, stacks));
  return outer.map((stack) => {
    const own = groups.filter(({ name }) => isWithin(name, [stack]));
    return { ...stack, machines: own.reduce((sum, { instanceIds }) => sum + instanceIds.length, 0) };
  });
}
