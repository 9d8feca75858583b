/** The largest number that a double still distinguishes from its neighbours. */
export const LARGEST = 2 ** 53;

// The eight residues modulo 30 that are coprime to 2, 3 and 5: 27 % of the divisors of a plain loop.
const GAPS = [4, 2, 4, 2, 4, 6, 2, 6] as const;

/**
 * Whether n, a whole number from 0 to 2^53, is prime, by trial division.
 *
 * It divides doubles, but is exact: if d does not divide n, n / d is at least 1/d away from a whole number, and
 * as n / d < 2^53 / d, rounding changes it by less than 1/d. So a whole result means a whole quotient. A division
 * costs a tenth of `n % d`, which V8 computes by a call to fmod once n is over 2^31.
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

/** The integer part of the square root: for a large k, the root of k * k - 1 rounds up to k. */
export function wholeRoot(n: number): number {
  let root = Math.floor(Math.sqrt(n));
  while (root * root > n) root -= 1;
  return root;
}
