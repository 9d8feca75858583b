// For unit tests of programs that use the components: nothing is created, all that is declared is known.
export { physicalName } from "./answers";
export type { Declared } from "./declared";
export { run, valueOf } from "./run";
export type { Run, RunOptions } from "./run";
