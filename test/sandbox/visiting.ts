import * as http from "node:http";
import { sleep } from "../../sandbox/problem";

/** Asks for a page all the time while something happens. Answers how often, and what was no 200. */
export async function visitingWhile(
  url: string,
  work: () => Promise<unknown>,
): Promise<{ asked: number; failed: string[] }> {
  let [over, asked] = [false, 0];
  const failed: string[] = [];
  const visitor = async () => {
    while (!over) {
      asked++;
      const answer = await visit(url).catch((error: Error) => error.message);
      if (answer !== 200) failed.push(String(answer));
      await sleep(100);
    }
  };
  const visitors = visitor();
  await work().finally(() => (over = true));
  await visitors;
  return { asked, failed };
}

/** Asks by a connection of its own: one that is kept may end by itself on a busy machine, whatever is deployed. Answers the status. */
const visit = (url: string) =>
  new Promise<number>((resolve, reject) => {
    http
      .get(url, { agent: false }, (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode!)).once("error", reject);
      })
      .once("error", reject);
  });
