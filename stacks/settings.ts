import { z } from "zod";
import { overlaps, parseCidr } from "../components/shared/cidr";
import { databaseSettings, USUAL_VIRTUAL_IP } from "./schema/database";
import { deliverySettings } from "./schema/delivery";
import { by, Environment, environments, KEEPS_DATA } from "./schema/environment";
import { identitySettings } from "./schema/identity";
import { bastionSettings, networkSettings, USUAL_BLOCK } from "./schema/network";
import { operationsSettings } from "./schema/operations";
import { provisionerSettings } from "./schema/provisioner";
import { uploadsSettings } from "./schema/uploads";
import { webSettings } from "./schema/web";

const areas = (environment: Environment) => ({
  network: networkSettings(environment).prefault({}),
  bastion: bastionSettings(environment).optional(),
  database: databaseSettings(environment).optional(),
  web: webSettings(environment).optional(),
  identity: identitySettings(environment).optional(),
  uploads: uploadsSettings(environment).optional(),
  delivery: deliverySettings(environment).optional(),
  provisioner: provisionerSettings(environment).optional(),
  operations: operationsSettings(environment).optional(),
});

/** The whole schema, with the defaults of an environment. */
export const schema = (environment: Environment) =>
  z.strictObject({
    environment: z.enum(environments).describe("Decides the defaults of everything below"),
    keepData: z
      .boolean()
      .default(by(environment, KEEPS_DATA))
      .describe(
        "Keeps what holds data when the stack is destroyed, and guards it against a slip of the hand",
      ),
    ...areas(environment),
  });

/** All settings of a stack, with every default filled in; an area that is absent is not built. */
export type Settings = z.infer<ReturnType<typeof schema>>;

/** Everything that is wrong with a stack's settings, in one error. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";

  constructor(
    stack: string,
    readonly problems: string[],
  ) {
    super(
      `Pulumi.${stack}.yaml has ${problems.length} wrong setting${problems.length > 1 ? "s" : ""}:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  }
}

/** Reads the `groundwork:` part of a stack's configuration: texts, booleans, and JSON for what is structured. */
export function readSettings(stack: string, config: Record<string, string>): Settings {
  const raw = unpack(config);
  const known = z.enum(environments).safeParse(raw.environment);
  // Without an environment there are no defaults, but the rest of the file is checked all the same.
  const result = schema(known.data ?? "dev").safeParse(raw);
  const problems = result.success ? [] : result.error.issues.flatMap((issue) => explain(issue, raw));
  problems.push(...crossChecks(raw));
  if (!result.success || problems.length > 0) throw new SettingsError(stack, problems);
  return result.data;
}

function unpack(config: Record<string, string>): Record<string, unknown> {
  const own = Object.entries(config).filter(([key]) => key.startsWith("groundwork:"));
  return Object.fromEntries(own.map(([key, text]) => [key.slice("groundwork:".length), parse(text)]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a plain text, as YAML writes it
  }
}

/** One line for a person: the path, what is accepted there, and what was got. */
function explain(issue: z.core.$ZodIssue, raw: unknown): string[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => `groundwork:${[...path, key].join(".")} is not a setting`);
  const got = path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    raw,
  );
  return [
    `groundwork:${path.join(".")} must be ${accepted(issue)}, got ${got === undefined ? "nothing" : JSON.stringify(got)}`,
  ];
}

function accepted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `one of ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return `of type ${issue.expected}`;
    case "too_small":
      return issue.origin === "array"
        ? `a list of at least ${String(issue.minimum)}`
        : `${String(issue.minimum)} or more`;
    case "too_big":
      return `${String(issue.maximum)} or less`;
    case "invalid_format":
      return `a valid ${issue.format}`;
    case "invalid_union":
      return `one of ${issue.errors
        .flat()
        .flatMap((e) => (e.code === "invalid_value" ? e.values.map(String) : []))
        .join(", ")}`;
    default:
      return issue.message;
  }
}

/** What no single setting can know. */
function crossChecks(raw: Record<string, unknown>): string[] {
  const network = (raw.network ?? {}) as { cidrBlock?: unknown; peerCidrBlocks?: unknown };
  const own = parseCidr(String(network.cidrBlock ?? USUAL_BLOCK));
  const peers = Array.isArray(network.peerCidrBlocks) ? network.peerCidrBlocks.map(String) : [];
  const problems: string[] = [];
  peers.forEach((text, i) => {
    const peer = parseCidr(text);
    const clash = peer && own && overlaps(peer, own);
    if (clash)
      problems.push(
        `groundwork:network.peerCidrBlocks.${i} must be outside the VPC's own cidrBlock, got ${JSON.stringify(text)}`,
      );
  });
  const database = (raw.database ?? {}) as { engine?: unknown; virtualIp?: unknown };
  const usual = database.engine === "shared-storage" ? USUAL_VIRTUAL_IP : undefined;
  const virtualIp = database.virtualIp ?? usual;
  const address = parseCidr(`${String(virtualIp)}/32`);
  if (address && own && overlaps(address, own))
    problems.push(
      `groundwork:database.virtualIp must be outside the VPC's own cidrBlock, got ${JSON.stringify(virtualIp)}`,
    );
  problems.push(...unreachable(raw));
  for (const [area, needed] of Object.entries(NEEDS))
    for (const other of raw[area] === undefined ? [] : needed)
      if (raw[other] === undefined)
        problems.push(`groundwork:${other} must be given where groundwork:${area} is, got nothing`);
  return problems;
}

/** What a node of the shared storage calls: the packages come through S3's gateway, the lease through DynamoDB's. */
const NODE_SERVICES = ["ec2", "logs", "secretsmanager"];

/** A node that cannot reach EC2 can neither fence the other one nor move the route: found now, not at the first failover. */
function unreachable(raw: Record<string, unknown>): string[] {
  const { egress, interfaceEndpoints = [] } = (raw.network ?? {}) as Record<string, unknown>;
  const { engine } = (raw.database ?? {}) as { engine?: unknown };
  if (engine !== "shared-storage" || egress !== "none" || !Array.isArray(interfaceEndpoints)) return [];
  if (NODE_SERVICES.every((service) => interfaceEndpoints.includes(service))) return [];
  return [
    `groundwork:network.interfaceEndpoints must contain ${NODE_SERVICES.join(", ")} where groundwork:database is shared-storage and nothing else leads out, got ${JSON.stringify(interfaceEndpoints)}`,
  ];
}

/** The areas that an area cannot be built without. */
const NEEDS: Record<string, string[]> = {
  delivery: ["web", "identity"],
  provisioner: ["web", "identity"],
};
