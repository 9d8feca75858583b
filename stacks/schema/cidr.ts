import { z } from "zod";
import { parseCidr } from "../../components/shared/cidr";

/** An IPv4 block in its canonical form. */
export const cidr = z
  .string()
  .refine(
    (text) => parseCidr(text) !== undefined,
    "an IPv4 block such as 203.0.113.0/24, no bit set behind the prefix",
  );
