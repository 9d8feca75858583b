import * as path from "node:path";
import { type Declared, run } from "../components/testing";

/** What our program declares with a stack's settings, under mocks: it creates nothing and calls nobody. Throws whatever the program throws. */
export async function declaredBy(stack: string, config: Record<string, unknown>): Promise<Declared[]> {
  // The program runs when it is loaded, so its settings must exist before; import() would bypass our loader.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const program = () => ({ ...(require(path.join(__dirname, "../index.ts")) as object) });
  return (await run(program, { stack, project: "groundwork", config })).resources;
}
