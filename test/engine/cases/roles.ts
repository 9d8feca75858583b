import type { Inputs } from "../account/rule";

export const document = (...statements: object[]) => JSON.stringify({ Statement: statements });
export const trust = (service: string) =>
  document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } });
export const policy = (...Action: string[]) => document({ Effect: "Allow", Action, Resource: "*" });
export const role = (assumeRolePolicy = "{}"): [string, Inputs] => [
  "iam/role:Role",
  { name: "r", assumeRolePolicy },
];
