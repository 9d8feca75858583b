import * as pulumi from "@pulumi/pulumi";
import { Watch } from "../../components/operations/watch";

/** What an area shows: to whoever runs the stack, and to operations, which watch, keep and guard it. */
export interface Shown {
  /** What the stack tells when it is up. */
  outputs: Record<string, pulumi.Output<unknown>>;
  watches: Watch[];
  /** The names of log groups. */
  logGroups: Record<string, pulumi.Input<string>>;
  /** The ARNs of what holds data that a backup can bring back. */
  dataArns: pulumi.Input<string>[];
  /** The ARNs of load balancers and API stages. */
  doors: Record<string, pulumi.Input<string>>;
}

/** What all areas that are built show. */
export function allShown(parts: (Partial<Shown> | undefined)[]): Shown {
  const present = parts.filter((part) => part !== undefined);
  return {
    outputs: Object.assign({}, ...present.map((part) => part.outputs)),
    watches: present.flatMap((part) => part.watches ?? []),
    logGroups: Object.assign({}, ...present.map((part) => part.logGroups)),
    dataArns: present.flatMap((part) => part.dataArns ?? []),
    doors: Object.assign({}, ...present.map((part) => part.doors)),
  };
}
