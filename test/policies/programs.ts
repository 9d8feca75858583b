import type { Declared } from "../../policies/declared";
import { EXAMPLES, exampleProgram } from "../examples/example";
import { EXPECTED } from "../examples/expected";
import { run, runStack } from "../harness";
import { STACKS, stackView } from "../stacks/stacks";

type Declare = () => Promise<{ resources: Declared[] }>;

/** Runs once in this process, however many tests ask. */
function once(declare: Declare): Declare {
  let known: ReturnType<Declare> | undefined;
  return () => (known ??= declare());
}

/** The programs of ours that are no stack of an account. */
export const OTHERS: Record<string, Declare> = {
  "the sandbox": once(() => runStack("sandbox")),
  ...Object.fromEntries(
    EXAMPLES.flatMap((example) =>
      EXPECTED[example]!.map(({ config }) => [
        ["the example", example, ...Object.values(config ?? {})].join(" "),
        once(() => run(exampleProgram(example), { config })),
      ]),
    ),
  ),
};

/** The types of AWS's that any program of ours declares, one program after the other. */
export async function declaredTypes(): Promise<string[]> {
  const types = new Set<string>();
  for (const declare of [...STACKS.map((stack) => () => stackView(stack)), ...Object.values(OTHERS)])
    for (const { type } of (await declare()).resources) if (type.startsWith("aws:")) types.add(type);
  return [...types].sort();
}
