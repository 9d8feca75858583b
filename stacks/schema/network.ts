import { z } from "zod";
import { parseCidr } from "../../components/shared/cidr";
import { EGRESS_MODES } from "../../components/network/egress";
import { VPC_PREFIX, ZONES } from "../../components/network/subnet-plan";
import { cidr } from "./cidr";
import { by, Environment, logDays } from "./environment";

const { min, max } = VPC_PREFIX;

const vpcBlock = cidr.refine((text) => {
  const prefix = parseCidr(text)?.prefix;
  return prefix === undefined || (prefix >= min && prefix <= max);
}, `a block from /${min} to /${max}`);

/** The VPC's own block when nobody says otherwise. */
export const USUAL_BLOCK = "10.0.0.0/16";

const zones = z
  .array(z.enum(ZONES))
  .min(2)
  .refine((letters) => new Set(letters).size === letters.length, "different letters");

export const networkSettings = (environment: Environment) =>
  z.strictObject({
    cidrBlock: vpcBlock.default(USUAL_BLOCK).describe("The VPC's own block"),
    peerCidrBlocks: z
      .array(cidr)
      .default([])
      .describe("Blocks that the VPC will be connected to, so must not overlap with"),
    zones: zones.default(["a", "b"]).describe("The region's zones by their letters"),
    egress: z
      .enum(EGRESS_MODES)
      .default(by(environment, { dev: "instance", stag: "instance-ha", prod: "gateway-per-zone" }))
      .describe("How the private subnets reach the internet"),
    natInstanceType: z
      .string()
      .default("t4g.nano")
      .describe("The machine of the modes `instance` and `instance-ha`"),
    interfaceEndpoints: z
      .array(z.string())
      .default([])
      .describe("AWS services with an endpoint inside the VPC, such as `ssm`"),
    flowLogRetentionDays: logDays(environment).describe("How long the log of all flows is kept"),
  });

export const bastionSettings = (environment: Environment) =>
  z.strictObject({
    access: z
      .enum(["ssh", "session-manager"])
      .default("session-manager")
      .describe("`session-manager` opens no port"),
    adminCidrs: sshBlocks(environment).default([]).describe("Who may come in by SSH"),
    keyName: z.string().optional().describe("The EC2 key pair for SSH"),
    instanceType: z.string().default("t4g.nano").describe("The machine"),
  });

/** Who may come in by SSH; in prod never everybody. */
export const sshBlocks = (environment: Environment) =>
  z.array(
    cidr.refine(
      (text) => environment !== "prod" || parseCidr(text)?.prefix !== 0,
      "a block of known addresses in prod, never the whole internet",
    ),
  );
