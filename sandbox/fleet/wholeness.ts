import { Server } from "./runner";
import { Target } from "./target-group";
import { View } from "./view";

/**
 * What the stack lacks at this moment, in words. Undefined if each group has its desired number of servers, all of them run, those behind a
 * load balancer are healthy, and the database has its writer and its standbys.
 */
export function lacking(
  { groups, registered }: View,
  servers: Server[],
  targets: (Target & { group: string })[],
  databaseStateOf: (id: string) => string | undefined,
): string | undefined {
  for (const { name, desired, instanceIds, targetGroupArns } of groups) {
    const own = servers.filter(({ id, lost }) => instanceIds.includes(id) && !lost);
    if (
      own.length === 0 &&
      !servers.some(({ id }) => instanceIds.includes(id)) &&
      desired === instanceIds.length
    )
      continue; // machines that exist only as records, such as a project's
    if (own.filter(({ alive }) => alive).length < desired) return `${name} has too few servers`;
    for (const arn of targetGroupArns) {
      const healthy = targets.filter(
        ({ id, group, health }) => group === arn && health === "healthy" && instanceIds.includes(id),
      );
      if (healthy.length < desired || (registered.get(arn) ?? []).some((id) => !instanceIds.includes(id)))
        return `${name} has too few healthy servers`;
    }
    const states = own.filter(({ role }) => role === "database").map(({ id }) => databaseStateOf(id));
    if (states.length > 0 && !states.includes("active")) return `${name} has no writer`;
    if (states.some((state) => state !== "active" && state !== "passive")) return `${name} is on its way`;
  }
  return undefined;
}
