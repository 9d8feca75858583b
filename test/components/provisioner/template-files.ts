// The provisioner's templates as data.
import * as fs from "node:fs";
import * as path from "node:path";
import { CORE_SCHEMA, defineMappingTag, defineScalarTag, defineSequenceTag, load } from "js-yaml";
import { TemplateName } from "../../../functions/provisioner/catalogue";

const folder = path.join(__dirname, "../../../components/provisioner/templates");
export const NAMES: TemplateName[] = ["static", "server", "database"];
const fileOf = (name: string) => path.join(folder, `${name}.yaml`);

/* eslint-disable @typescript-eslint/no-explicit-any -- a template's parts have no common type */
export interface Template {
  Conditions?: Record<string, any>;
  Resources: Record<string, { Type: string; Condition?: string; Properties: any }>;
}

/** CloudFormation's short forms, each as `{ "!Name": value }`. */
const FUNCTIONS = "Ref Sub GetAtt If Equals Not And Or Join Select FindInMap Condition Base64".split(" ");
const identify = () => false; // they are read only
const tags = FUNCTIONS.flatMap((name) => [
  defineScalarTag<any>(`!${name}`, { resolve: (text: string) => ({ [`!${name}`]: text }), identify }),
  defineSequenceTag<any>(`!${name}`, {
    identify,
    create: () => [],
    addItem: (list: unknown[], one: unknown) => {
      list.push(one);
    },
    finalize: (list: unknown[]) => ({ [`!${name}`]: list }),
  }),
  defineMappingTag<any>(`!${name}`, {
    identify,
    create: () => new Map<unknown, unknown>(),
    addPair: (map: Map<unknown, unknown>, key: unknown, value: unknown) => {
      map.set(key, value);
      return "";
    },
    has: (map: Map<unknown, unknown>, key: unknown) => map.has(key),
    keys: (map: Map<unknown, unknown>) => [...map.keys()],
    get: (map: Map<unknown, unknown>, key: unknown) => map.get(key),
    finalize: (map: Map<unknown, unknown>) => ({ [`!${name}`]: Object.fromEntries(map) }),
  }),
]);
export const readTemplate = (name: TemplateName) =>
  load(fs.readFileSync(fileOf(name), "utf8"), { schema: CORE_SCHEMA.withTags(tags) }) as Template;
