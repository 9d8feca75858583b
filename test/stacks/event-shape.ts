import { computedOutputs } from "../../components/testing/answers";
import type { StackView } from "../../policies/declared";
import type { Fields } from "../../sandbox/fleet/event-pattern";

/** Events of the shape that AWS publishes on `page`: which of them a rule is there for, and which come close. */
export interface Samples {
  page: string;
  takes: Fields[];
  passes: Fields[];
}

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";
export const DOCS = "https://docs.aws.amazon.com";

/** What all events have in common: https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html */
export const event = (source: string, type: string, detail: Fields, ...resources: string[]): Fields => ({
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": type,
  source,
  account: ACCOUNT,
  time: "2026-01-02T03:04:05Z",
  region: REGION,
  resources,
  detail,
});

/** What AWS calls a resource of a stack, which a rule must know it by. */
export function nameOf({ resources, stack }: StackView, type: string, name: string, by = "name"): string {
  const found = resources.find((one) => one.type === type && one.name === name);
  if (!found) throw new Error(`${stack} has no ${type} ${name}`);
  return String(computedOutputs({ ...found, id: "" })[by]);
}
