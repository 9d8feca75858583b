import { Project } from "./project";

const waits = ({ step, queued }: Project) => step === "deliver" && queued === true;
const since = ({ stages }: Project) => stages.deliver?.at ?? "";

/**
 * The place of each project whose build waits, by its id: CodeBuild takes the builds of an account in the order in which they came. What
 * else is built in the account is not counted.
 * @param all asked for only when one of these waits: the projects of all units
 */
export async function placesOf(
  projects: Project[],
  all: () => Promise<Project[]>,
): Promise<Map<string, number>> {
  if (!projects.some(waits)) return new Map();
  const waiting = (await all()).filter(waits).sort((a, b) => since(a).localeCompare(since(b)));
  return new Map(waiting.map(({ id }, index) => [id, index + 1]));
}
