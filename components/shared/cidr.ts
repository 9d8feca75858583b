/** An IPv4 block: its first address as a number, and the number of fixed bits. */
export interface Cidr {
  first: number;
  prefix: number;
}

const OCTET = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const CIDR = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}/(3[0-2]|[12]?\\d)$`);

/** Parses `10.0.0.0/16`. Returns undefined if it is no block, or has bits set after its prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = CIDR.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % size(prefix) === 0 ? { first, prefix } : undefined;
}

export function formatCidr({ first, prefix }: Cidr): string {
  const octets = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(first / unit) % 256);
  return `${octets.join(".")}/${prefix}`;
}

/** The number of addresses in a block with this prefix. */
export function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.first >= outer.first && inner.first + size(inner.prefix) <= outer.first + size(outer.prefix);
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return contains(one, other) || contains(other, one);
}
