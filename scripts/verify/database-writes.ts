import { ask } from "./ask";
import { Broken, Context, expectStatus } from "./promised";
import { Watch } from "./watch";

/** This many writes in a row, half a second apart, count as recovery. */
const STEADY = 4;

/**
 * Does something to the database while it is written to, and answers what became of that and of the writes. Refuses when what was written
 * before is lost.
 * @param since what was done, as a refusal says it
 * @param work is told whether writes go on, and answers what was done
 */
export async function whileWriting(
  context: Context,
  since: string,
  work: (goesOn: () => boolean) => Promise<string>,
): Promise<string> {
  const watch = await watchWrites(context);
  try {
    const done = await work(() => watch.steady >= STEADY);
    const seen = await watch.end();
    await expectWritten(context, since);
    return `${done}; of the writes, ${seen}; what was written before is there`;
  } finally {
    await watch.end();
  }
}

/** Writes twice a second without adding rows: the database refuses a user that already exists, and only a node that writes can do so. */
async function watchWrites({ stage, token, user }: Context): Promise<Watch> {
  const written = await user();
  const authorization = `Bearer ${await token()}`;
  const write = { method: "POST", authorization, body: written };
  return new Watch(async () => (await ask(`${stage.url}/users`, write)).status === 409);
}

/** Refuses if the run's user is no longer in the list. */
async function expectWritten({ stage, token, user }: Context, since: string): Promise<void> {
  const { username } = await user();
  const authorization = `Bearer ${await token()}`;
  const list = expectStatus("GET /users", await ask(`${stage.url}/users`, { authorization }), 200);
  if (!(list.json as { username: string }[]).some((one) => one.username === username))
    throw new Broken(`the user that was written before ${since} is lost`);
}
