import { ask, shown } from "../ask";
import { Broken, expectStatus, Promised } from "../promised";

/** The largest prime that /load takes, and the number before it, which is even. */
const PRIME = 2 ** 53 - 111;

export const prime: Promised = {
  name: "a prime number is recognised",
  expected: `isPrime true for ${PRIME}, false for ${PRIME - 1}, with the seconds it took`,
  takes: { sandbox: 2, AWS: 5 },
  usd: 0,
  missing: () => undefined,
  async run({ stage: { url } }) {
    const asked = async (number: number, isPrime: boolean): Promise<number> => {
      const answer = expectStatus("/load", await ask(`${url}/load?number=${number}`), 200);
      const { json } = answer;
      if (json?.isPrime !== isPrime || json.number !== number || typeof json.processingTime !== "number")
        throw new Broken(`/load answered ${shown(answer)} for ${number}`);
      return json.processingTime as number;
    };
    await asked(PRIME - 1, false);
    return `both right; ${(await asked(PRIME, true)).toFixed(3)} s for the prime`;
  },
};
