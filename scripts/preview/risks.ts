import { HOLDERS } from "../../policies/rules/kept";
import { parsePolicy, textsIn } from "../../policies/rules/statements";
import type { Change, Preview } from "./events";
import type { Resource } from "./resource";

export interface Risks {
  /** Data that is lost, or stays behind. */
  data: string[];
  /** What becomes open to everybody on the internet. */
  open: string[];
  /** What roles and policies newly allow. */
  rights: string[];
}

/** The effects of a change that the price does not show. */
export const risksOf = ({ changes }: Preview): Risks => ({
  data: changes.flatMap(dataOf),
  open: changes.flatMap(({ before, after }) =>
    newOnes(opened, before, after).map((line) => `${label(after!)} ${line}`),
  ),
  rights: changes.flatMap(rightsOf),
});

const label = ({ type, name }: Resource) => `${type.split(":").at(-1)} ${name}`;

function dataOf({ kind, before, kept, reasons }: Change): string[] {
  if (!before || !HOLDERS[before.type]?.protect) return [];
  if (kind === "replace")
    return [`${label(before)} is replaced by an empty one, for its ${reasons.join(", ")}`];
  if (kind !== "delete") return [];
  return [
    kept
      ? `${label(before)} leaves the stack and stays in the account`
      : `${label(before)} is deleted with what it holds`,
  ];
}

/** What holds for the new state but not for the old one. */
function newOnes(of: (resource: Resource) => string[], before?: Resource, after?: Resource): string[] {
  const known = new Set(before ? of(before) : []);
  return after ? [...new Set(of(after))].filter((line) => !known.has(line)) : [];
}

const EVERYBODY = ["0.0.0.0/0", "::/0"];

/** How everybody on the internet can reach a resource, one way per line. */
function opened({ type, inputs }: Resource): string[] {
  switch (type) {
    case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
      return [inputs.cidrIpv4, inputs.cidrIpv6]
        .filter((block) => EVERYBODY.includes(block))
        .map((block) => `lets ${block} in ${portsOf(inputs)}`);
    case "aws:lb/loadBalancer:LoadBalancer":
      return inputs.internal === true ? [] : ["answers the internet"];
    case "aws:rds/instance:Instance":
    case "aws:rds/clusterInstance:ClusterInstance":
      return inputs.publiclyAccessible === true ? ["has an address on the internet"] : [];
    case "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock":
      return BLOCKS.filter((block) => inputs[block] !== true).map((block) => `does not set ${block}`);
    case "aws:lambda/functionUrl:FunctionUrl":
      return inputs.authorizationType === "NONE" ? ["asks nobody who they are"] : [];
    case "aws:apigateway/method:Method":
      return inputs.authorization === "NONE" && inputs.httpMethod !== "OPTIONS"
        ? [`${inputs.httpMethod} asks nobody who they are`]
        : [];
    default:
      return [];
  }
}

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const portsOf = ({ fromPort, toPort, ipProtocol }: Resource["inputs"]) =>
  ipProtocol === "-1"
    ? "at every port"
    : fromPort === toPort
      ? `at port ${fromPort}`
      : `at ports ${fromPort} to ${toPort}`;

/** What a policy in a resource allows, `ACTION on RESOURCE` each. In a key's own policy, `*` means only that key. */
function allowed({ type, inputs }: Resource): string[] {
  const itself = type === "aws:kms/key:Key";
  return textsIn(inputs).flatMap(({ text }) =>
    parsePolicy(text)
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ actions, resources, principals, negated }) =>
        actions.flatMap((action) =>
          (itself || resources.length === 0 ? principals : resources).map(
            (other) => `${action} on ${other}${negated ? " and all that is not named" : ""}`,
          ),
        ),
      ),
  );
}

const MOST_ACTIONS = 4;

/** The rights that a change adds, one line per resource. */
function rightsOf({ before, after }: Change): string[] {
  const added = newOnes(allowed, before, after);
  if (!after || added.length === 0) return [];
  const more = added.length > MOST_ACTIONS ? ` and ${added.length - MOST_ACTIONS} more` : "";
  return [`${label(after)}: ${added.slice(0, MOST_ACTIONS).join(", ")}${more}`];
}
