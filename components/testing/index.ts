// For unit tests of programs that use the components: nothing is created, and everything that is declared is recorded.
export { physicalName } from "./answers";
export type { Declared } from "./declared";
export { run, valueOf } from "./run";
export type { Run, RunOptions } from "./run";
