import { Problem } from "../problem";
import type { State } from "../state";
import type { Asked } from "./failures";

/** Requests a failure from the running sandbox, as its page does. Returns the answer. */
export async function ask({ page }: Pick<State, "page">, asked: Asked): Promise<string> {
  const answer = await fetch(`${page}/sandbox/failures`, {
    method: "POST",
    headers: { origin: page },
    body: new URLSearchParams({ ...asked }),
  }).catch(() => undefined);
  if (!answer) throw new Problem("The sandbox does not answer: start it again with npm start.");
  const said = (await answer.text()).trim();
  if (!answer.ok) throw new Problem(said);
  return said;
}
