import * as path from "node:path";
import { type Declared, run } from "../components/testing";

/** What our program declares with a stack's settings, under mocks: nothing is made, and nobody is asked. Throws what the program throws. */
export async function declaredBy(stack: string, config: Record<string, unknown>): Promise<Declared[]> {
  // It runs when it is loaded, so not before its settings are there; import() would pass our loader by.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = () => ({ ...(require(path.join(__dirname, "../index.ts")) as object) });
  return (await run(program, { stack, project: "groundwork", config })).resources;
}
