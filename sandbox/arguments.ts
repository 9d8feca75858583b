import { parseArgs, type ParseArgsConfig } from "node:util";
import { messageOf, Problem } from "./problem";

/** A command's arguments; one sentence refuses what is wrong with them, and says where they are described. */
export function argumentsOf<T extends ParseArgsConfig>(config: T, help: string) {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Problem(`${messageOf(error).split(". ")[0]}: see ${help}.`);
  }
}
