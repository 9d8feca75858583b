// The components' schema for programs in other languages: what Pulumi's analyzer finds, without what only TypeScript can express,
// and with real components wherever others accept them (the analyzer knows only fields in their place). No type is from another
// package: an SDK would have to include AWS's with its 1,700 types, and `pulumi package add` would need AWS's provider.
import type * as library from "../components";
import { WITHOUT_ARGUMENTS } from "./components";

/** The components that each interface accepts. */
export const STANDS_FOR: Record<string, (keyof typeof library)[]> = {
  AccessLogsLike: ["AccessLogs"],
  AlarmTopicLike: ["AlarmTopic"],
  ApiAccountLike: ["ApiAccount"],
  BakedImageLike: ["BakedImage"],
  BastionLike: ["Bastion"],
  DatabaseLike: ["ExternalDatabase", "ManagedDatabase", "SharedStorage"],
  ImageLike: ["WebImage"],
  NetworkLike: ["Network"],
  ReleaseTarget: ["WebTier"],
  UserPoolLike: ["UserPool"],
  VirtualIpNetwork: ["Network"],
  WebLike: ["WebTier"],
};

/** Fields of these interfaces that are plain values, because they decide which resources exist. */
export const DECIDING = [
  "cidrBlock",
  "clientPermissions",
  "environment",
  "privateSubnetIds",
  "publicSubnetIds",
  "virtualIpRouteTableIds",
];

export interface Property {
  $ref?: string;
  type?: string;
  items?: Property;
  oneOf?: Property[];
  plain?: boolean;
}
interface Shape {
  properties?: Record<string, Property>;
  required?: string[];
}
interface Resource extends Shape {
  isComponent: true;
  inputProperties: Record<string, Property>;
}
export interface Schema {
  dependencies: object[];
  types: Record<string, Shape>;
  resources: Record<string, Resource>;
}

const OURS = "groundwork:index:";
/** Pulumi's own class, used in `ready` and the like. No program in another language can create one. */
const RESOURCE = `${OURS}Resource`;

export function told(analyzed: Schema): Schema {
  const shapes = Object.entries(analyzed.types).map(
    ([token, type]) => [token, withoutResources(type)] as const,
  );
  const types = Object.fromEntries(shapes.filter(([token, type]) => token !== RESOURCE && !isEmpty(type)));
  const resources = Object.entries(analyzed.resources).map(([token, { inputProperties, ...rest }]) => [
    token,
    {
      ...withArns(withoutResources(rest)),
      inputProperties: mapped(inputProperties, (one) => taken(one, types)),
    },
  ]);
  const bare = Object.keys(WITHOUT_ARGUMENTS).map((name) => [
    OURS + name,
    { isComponent: true, properties: {}, inputProperties: {} },
  ]);
  return {
    ...analyzed,
    dependencies: [],
    types,
    resources: Object.fromEntries([...resources, ...bare]) as Schema["resources"],
  };
}

/** The interface of a property, if its type is one. */
export const interfaceOf = ({ $ref = "" }: Property): string | undefined =>
  Object.keys(STANDS_FOR).find((name) => $ref === `#/types/${OURS}${name}`);

function taken(property: Property, types: Schema["types"]): Property {
  const name = interfaceOf(property);
  if (!name) return property;
  const { $ref, ...rest } = property;
  const components = STANDS_FOR[name]!.map((one) => ({ $ref: `#/resources/${OURS}${one}` }));
  const all = [...(OURS + name in types ? [{ $ref }] : []), ...components];
  return all.length === 1 ? { ...rest, ...all[0] } : { ...rest, oneOf: all };
}

function withoutResources<S extends Shape>(shape: S): S {
  if (!shape.properties) return shape;
  const left = Object.entries(shape.properties).filter(
    ([, { items }]) => items?.$ref !== `#/types/${RESOURCE}`,
  );
  const properties = Object.fromEntries(left);
  return { ...shape, properties, required: shape.required?.filter((key) => key in properties) };
}

/** The field that stands for an AWS resource. */
export const arnOf = (key: string) => `${key}Arn`;

function withArns<S extends Shape>({ properties = {}, required = [], ...rest }: S) {
  const ofAws = (key: string) => properties[key]?.$ref?.startsWith("/aws/");
  const name = (key: string) => (ofAws(key) ? arnOf(key) : key);
  const told = Object.entries(properties).map(([key, one]): [string, Property] => [
    name(key),
    ofAws(key) ? { type: "string" } : one,
  ]);
  return { ...rest, properties: Object.fromEntries(told), required: required.map(name) };
}

const isEmpty = ({ properties }: Shape) => properties !== undefined && Object.keys(properties).length === 0;

const mapped = (all: Record<string, Property>, to: (one: Property) => Property) =>
  Object.fromEntries(Object.entries(all).map(([key, one]) => [key, to(one)]));
