import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";

/** A shape from any of AWS's models. */
export interface Shape {
  name: string;
  type: string;
  pattern?: string;
  enum?: string[];
  min?: number;
  max?: number;
  /** AWS keeps its value out of its own logs. */
  sensitive?: boolean;
  required: string[];
  members: Record<string, () => Shape>;
  /** Of a list or a map. */
  member?: () => Shape;
  key?: () => Shape;
}

interface BotocoreShape {
  type: string;
  pattern?: string;
  enum?: string[];
  min?: number;
  max?: number;
  sensitive?: boolean;
  required?: string[];
  members?: Record<string, { shape: string }>;
  member?: { shape: string };
  key?: { shape: string };
  value?: { shape: string };
}
interface BotocoreModel {
  metadata: { apiVersion: string };
  operations: Record<string, { input?: { shape: string } }>;
  shapes: Record<string, BotocoreShape>;
}

/** The model of a service's API as the AWS SDK for Python ships it. */
export class ApiModel {
  readonly version: string;
  private readonly model: BotocoreModel;

  constructor(folder: string, service: string) {
    const home = path.join(folder, "botocore/data", service);
    this.version = fs.readdirSync(home).sort().pop()!;
    const file = gunzipSync(fs.readFileSync(path.join(home, this.version, "service-2.json.gz")));
    this.model = JSON.parse(file.toString("utf8")) as BotocoreModel;
  }

  /** An operation's input, or a structure inside it: `CreateRole`, `PutBucketCors/CORSConfiguration`. */
  at(place: string): Shape {
    const [operation, ...members] = place.split("/").filter(Boolean);
    const input = this.model.operations[operation!]?.input?.shape;
    if (!input) throw new Error(`the model has no operation ${operation!} that takes anything`);
    return members.reduce(inside, this.shape(input));
  }

  private shape(name: string): Shape {
    const shape = this.model.shapes[name]!;
    const { type, pattern, min, max, sensitive, required = [], members = {}, member, key, value } = shape;
    const of = (ref: { shape: string } | undefined) => ref && (() => this.shape(ref.shape));
    return {
      name,
      type,
      pattern,
      enum: shape.enum,
      min,
      max,
      sensitive,
      required,
      members: Object.fromEntries(Object.entries(members).map(([one, ref]) => [one, of(ref)!])),
      member: of(member ?? value),
      key: of(key),
    };
  }
}

/** A structure's member, also through a list. */
export function inside(shape: Shape, member: string): Shape {
  const structure = shape.type === "list" ? shape.member!() : shape;
  const found = structure.members[member];
  if (!found) throw new Error(`${structure.name} has no ${member}`);
  return found();
}

interface Schema {
  $ref?: string;
  type?: string | string[];
  pattern?: string;
  enum?: unknown[];
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  patternProperties?: Record<string, Schema>;
}
/** The instance classes that anybody may run without a licence. */
const ENGINES = ["postgres", "mysql", "mariadb", "aurora-postgresql", "aurora-mysql"];

/** For a single engine, RDS allows these instance classes. */
interface EngineCase {
  if: { properties: Record<string, { const?: string }> };
  then: { properties: Record<string, { enum?: string[] }> };
}
type ResourceSchema = Schema & { typeName: string; definitions?: Record<string, Schema> };

/** The schemas of CloudFormation's resources as cfn-lint ships them. */
export class ResourceSchemas {
  readonly date: string;
  private readonly read: <T>(file: string) => T;
  private readonly schemas = new Map<string, ResourceSchema>();

  constructor(folder: string) {
    const home = path.join(folder, "cfnlint/data/schemas");
    this.read = <T>(file: string) => JSON.parse(fs.readFileSync(path.join(home, file), "utf8")) as T;
    this.date = this.read<{ schema_date: string }>("version.json").schema_date.slice(0, 10);
    for (const file of fs
      .readdirSync(path.join(home, "resources"))
      .filter((name) => name.endsWith(".json"))) {
      const schema = this.read<ResourceSchema>(`resources/${file}`);
      this.schemas.set(schema.typeName, schema);
    }
  }

  /** The instance classes on which RDS runs each of its engines, in any region: `instance` or `cluster`. */
  classesOf(kind: "instance" | "cluster"): Record<string, string[]> {
    const file = `extensions/aws_rds_db${kind}/db${kind === "cluster" ? "cluster" : ""}instanceclass_enum.json`;
    const property = kind === "cluster" ? "DBClusterInstanceClass" : "DBInstanceClass";
    const found: Record<string, Set<string>> = {};
    for (const { allOf } of Object.values(this.read<Record<string, { allOf: EngineCase[] }>>(file)))
      for (const { if: when, then } of allOf)
        for (const name of then.properties[property]?.enum ?? [])
          (found[String(when.properties.Engine?.const)] ??= new Set()).add(name);
    return Object.fromEntries(
      ENGINES.flatMap((engine) => (found[engine] ? [[engine, [...found[engine]].sort()]] : [])),
    );
  }

  /** `AWS::EC2::Subnet`, or a property inside it: `AWS::Events::Rule/Targets`. */
  at(place: string): Shape {
    const [type, ...members] = place.split("/");
    const schema = this.schemas.get(type!);
    if (!schema) throw new Error(`CloudFormation has no ${type!}`);
    return members.reduce(inside, toShape(type!, schema, schema));
  }
}

function toShape(name: string, schema: Schema, whole: ResourceSchema): Shape {
  const reference = schema.$ref?.split("/").pop();
  if (reference) return toShape(reference, whole.definitions?.[reference] ?? {}, whole);
  const { properties = {}, items } = schema;
  const isList = schema.type === "array";
  const type = isList
    ? "list"
    : Object.keys(properties).length > 0
      ? "structure"
      : String(schema.type ?? "any");
  return {
    name,
    type,
    pattern: schema.pattern,
    enum: schema.enum?.map(String),
    min: schema.minLength ?? schema.minimum ?? schema.minItems,
    max: schema.maxLength ?? schema.maximum ?? schema.maxItems,
    required: schema.required ?? [],
    members: Object.fromEntries(
      Object.entries(properties).map(([one, inner]) => [one, () => toShape(one, inner, whole)]),
    ),
    member: items && (() => toShape(name, items, whole)),
  };
}
