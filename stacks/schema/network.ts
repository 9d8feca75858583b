import { z } from "zod";
import { parseCidr } from "../../components/network/cidr";
import { EGRESS_MODES } from "../../components/network/egress";
import { VPC_PREFIX, ZONES } from "../../components/network/subnet-plan";
import { by, Environment, whole } from "./environment";
import { cidr } from "./cidr";

const { min, max } = VPC_PREFIX;

export const networkSettings = (environment: Environment) =>
  z.strictObject({
    cidrBlock: cidr
      .refine((text) => {
        const prefix = parseCidr(text)?.prefix;
        return prefix === undefined || (prefix >= min && prefix <= max);
      }, `a block from /${min} to /${max}`)
      .default("10.0.0.0/16"),
    /** Blocks that this VPC will be connected to, so must not overlap with. */
    peerCidrBlocks: z.array(cidr).default([]),
    zones: z
      .array(z.enum(ZONES))
      .min(2)
      .refine((zones) => new Set(zones).size === zones.length, "different letters")
      .default(["a", "b"]),
    egress: z
      .enum(EGRESS_MODES)
      .default(by(environment, { dev: "instance", stag: "instance-ha", prod: "gateway-per-zone" })),
    natInstanceType: z.string().default("t4g.nano"),
    interfaceEndpoints: z.array(z.string()).default([]),
    flowLogRetentionDays: whole(1, 3_653).default(by(environment, { dev: 7, stag: 30, prod: 365 })),
  });

export const bastionSettings = (environment: Environment) =>
  z.strictObject({
    access: z.enum(["ssh", "session-manager"]).default("session-manager"),
    adminCidrs: sshBlocks(environment).default([]),
    keyName: z.string().optional(),
    instanceType: z.string().default("t4g.nano"),
  });

/** Who may come in by SSH; in prod never everybody. */
export const sshBlocks = (environment: Environment) =>
  z.array(
    cidr.refine(
      (text) => environment !== "prod" || parseCidr(text)?.prefix !== 0,
      "a block of known addresses in prod, never the whole internet",
    ),
  );
