import type { Live } from "./page/live";
import { Problem } from "./problem";
import type { State } from "./state";

type Server = Live["servers"][number];

/** What runs in the sandbox at this moment. */
export async function live({ page }: Pick<State, "page">): Promise<Live> {
  const answer = await fetch(`${page}/sandbox/state.json`).catch(() => undefined);
  if (!answer?.ok) throw new Problem("The sandbox does not answer: start it again with npm start.");
  return (await answer.json()) as Live;
}

/** Ends a server like a crash: it hands nothing over. A database node takes its PostgreSQL with it. */
export function crash({ role, pid }: Pick<Server, "role" | "pid">): void {
  process.kill(role === "database" ? -pid : pid, "SIGKILL");
}
