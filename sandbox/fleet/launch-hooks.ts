import { setTimeout as after } from "node:timers/promises";
import { Use } from "../engine/clients";
import { messageOf } from "../problem";
import { launchHookIn } from "../program";
import type { Runner } from "./runner";
import { View } from "./view";

const AGAIN_MS = 100;
/** Like the user data's own last step. */
const ANSWER_MS = 2_000;
const PATIENCE_MS = 240_000;

/**
 * The end of a server's start, by its user data: if a launch hook of its group waits, the server reports that it answers, or that it gives
 * up.
 */
export class LaunchHooks {
  private readonly begun = new Set<string>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly use: Use,
    private readonly web: Pick<Runner, "webOf">,
    private readonly note: (line: string) => void,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  follow({ groups }: View): void {
    for (const { name, pending } of groups)
      for (const id of pending) {
        if (this.begun.has(id) || !this.web.webOf(id)) continue;
        this.begun.add(id);
        void this.finish(id, name).catch((error: unknown) => {
          if (!this.stopping.signal.aborted) this.note(`The launch of ${id}: ${messageOf(error)}`);
        });
      }
  }

  stop(): void {
    this.stopping.abort();
  }

  private async finish(InstanceId: string, AutoScalingGroupName: string): Promise<void> {
    const hook = launchHookIn(this.web.webOf(InstanceId)!.userData);
    if (!hook) return;
    const answers = await this.answers(InstanceId, hook.path);
    if (answers === undefined) return;
    const autoscaling = await this.use("autoscaling");
    await autoscaling.completeLifecycleAction({
      ...{ AutoScalingGroupName, InstanceId, LifecycleHookName: hook.name },
      LifecycleActionResult: answers ? "CONTINUE" : "ABANDON",
    });
  }

  /** Whether it does in time; undefined if it is gone before. */
  private async answers(id: string, path: string): Promise<boolean | undefined> {
    const { signal } = this.stopping;
    for (const began = performance.now(); performance.now() - began < this.patienceMs;) {
      const server = this.web.webOf(id);
      if (!server || signal.aborted) return undefined;
      const one = fetch(`http://127.0.0.1:${server.port}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) });
      const answer = await one.catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.status === 200) return true;
      await after(AGAIN_MS, undefined, { signal }).catch(() => {});
    }
    return false;
  }
}
