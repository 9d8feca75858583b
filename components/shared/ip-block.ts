import { z } from "zod";
import { parseCidr } from "./cidr";

/** An IPv4 block in its canonical form, within size limits. */
export const ipBlock = ({ min = 0, max = 32 } = {}) => {
  const rule = "an IPv4 block such as 203.0.113.0/24, no bit set behind the prefix";
  return z
    .string()
    .refine((text) => parseCidr(text) !== undefined, rule)
    .refine((text) => {
      const block = parseCidr(text);
      return !block || (block.prefix >= min && block.prefix <= max);
    }, `a block from /${min} to /${max}`);
};
