/** The largest number whose neighbours a double still tells apart. */
export const LARGEST = 2 ** 53;

// The eight residues of 30 that 2, 3 and 5 leave over: 27 % of the divisors of a plain loop.
const GAPS = [4, 2, 4, 2, 4, 6, 2, 6] as const;

/**
 * Whether n, a whole number from 0 to 2^53, is prime, by trial division.
 *
 * Exact although it divides doubles: an n not divisible by d lies at least 1/d away from a whole quotient, and as
 * n / d < 2^53 / d the quotient is rounded by less than 1/d, so that a whole result means a whole quotient.
 * Dividing costs a tenth of `n % d`, which V8 computes by a call to fmod once n is over 2^31.
 */
export function isPrime(n: number): boolean {
  if (n < 2) return false;
  for (const small of [2, 3, 5]) if (n % small === 0) return n === small;
  const last = wholeRoot(n);
  for (let d = 7, gap = 0; d <= last;) {
    const quotient = n / d;
    if (quotient === Math.floor(quotient)) return false;
    d += GAPS[gap]!;
    gap = (gap + 1) & 7;
  }
  return true;
}

/** The whole part of the square root: a double's root of k * k - 1 rounds up to k for a large k. */
export function wholeRoot(n: number): number {
  let root = Math.floor(Math.sqrt(n));
  while (root * root > n) root -= 1;
  return root;
}
