import { skip } from "./skip";

/**
 * Leaves a test, or all of a suite in its `before`, to `npm test -- --all`, which continuous integration runs: for what takes its time, and
 * shows a further side of something that another test of the short run shows.
 */
export function leftToAll(context: Mocha.Context): void {
  if (process.env["GROUNDWORK_SHORT"])
    skip(context, "asked for", "left to npm test -- --all, as continuous integration runs it");
}
