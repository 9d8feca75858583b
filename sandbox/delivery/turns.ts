import { Problem } from "../problem";

/** The servers in the turns of one of CodeDeploy's own configurations. */
export function turnsOf(configuration: string | undefined, ids: string[]): string[][] {
  const atOnce = atOnceOf(configuration ?? "", ids.length);
  return ids.flatMap((_, at) => (at % atOnce === 0 ? [ids.slice(at, at + atOnce)] : []));
}

function atOnceOf(configuration: string, servers: number): number {
  switch (configuration.replace("CodeDeployDefault.", "")) {
    case "OneAtATime":
      return 1;
    case "HalfAtATime":
      return Math.max(1, Math.floor(servers / 2));
    case "AllAtOnce":
      return Math.max(1, servers);
    default:
      throw new Problem(`The sandbox knows no deployment configuration ${configuration}.`);
  }
}
