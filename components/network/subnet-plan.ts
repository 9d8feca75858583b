import { Cidr, formatCidr, parseCidr, size } from "../shared/cidr";

/** The letters that AWS gives to a region's zones. A zone's index in this list is its slot. */
export const ZONES = ["a", "b", "c", "d", "e", "f"] as const;
export type Zone = (typeof ZONES)[number];

/** Tiers in the order in which they were introduced. A new one goes to the end, so that no subnet in use ever moves. */
export const TIERS = ["public", "private"] as const;
/** Pulumi reads the type in this form for programs in other languages. */
export const Tier = { Public: "public", Private: "private" } as const;
export type Tier = (typeof Tier)[keyof typeof Tier];

export interface PlannedSubnet {
  zone: Zone;
  tier: Tier;
  cidrBlock: string;
}

/**
 * Gives each tier of each zone its own block of the VPC. A subnet's block depends only on its zone's letter and its tier, so
 * a further zone or tier leaves all others where they are.
 */
export function planSubnets(
  vpcCidr: string,
  zones: readonly Zone[],
  tiers: readonly string[] = TIERS,
): PlannedSubnet[] {
  const vpc = parseCidr(vpcCidr);
  if (!vpc) throw new RangeError(`cidrBlock must be an IPv4 block such as 10.0.0.0/16, got ${vpcCidr}`);
  return zones.flatMap((zone) =>
    tiers.map((tier, index) => ({
      zone,
      tier: tier as Tier,
      cidrBlock: formatCidr(block(vpc, subnetIndex(ZONES.indexOf(zone), index))),
    })),
  );
}

/** The first two tiers alternate zone by zone (0 1 | 2 3 | ...); each later tier has six slots of its own after them. */
function subnetIndex(slot: number, tier: number): number {
  return tier < 2 ? slot * 2 + tier : tier * ZONES.length + slot;
}

function block(vpc: Cidr, index: number): Cidr {
  const prefix = subnetPrefix(vpc.prefix);
  return { first: vpc.first + index * size(prefix), prefix };
}

/** /24 in a /16. A smaller VPC is cut into 32, which leaves room for five tiers. AWS allows no subnet smaller than /28. */
function subnetPrefix(vpcPrefix: number): number {
  return Math.max(vpcPrefix + 5, 24);
}

/** Sizes that AWS accepts for a VPC and that the plan can cut into enough subnets. */
export const VPC_PREFIX = { min: 16, max: 23 };
