import { CodePipeline } from "@aws-sdk/client-codepipeline";
import type { Release } from "../../functions/delivery/releases";
import type { StageState } from "../../functions/delivery/state";
import { type Answer, ask } from "./ask";
import { Broken, Context, expectStatus, NotAsked } from "./promised";

type Told = Omit<Release, "bundle">;

/** The delivery API for a person who may roll back, and the pipeline behind it. */
export function releasesOf({ stage, adminToken, until }: Context) {
  const { outputs, region } = stage;
  const api = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(outputs["deliveryUrl"] + path, { method, authorization: await adminToken(), body });
  const state = async () =>
    expectStatus("GET /pipeline", await api("GET", "/pipeline"), 200).json as {
      stages: StageState[];
      releases: Told[];
    };
  return {
    /** Refuses a person who may not roll back before anything is released. */
    async requireRights(): Promise<void> {
      const answer = await api("POST", "/rollback", { release: "npm-run-verify" });
      if (answer.status === 403)
        throw new NotAsked(`the signed-in person may not roll back: ${answer.json?.message}`);
      expectStatus("POST /rollback to a release that never existed", answer, 404);
    },

    /** Starts the pipeline; just after one of our runs it refuses for some seconds. */
    async start(patience = 0): Promise<string> {
      let last: Answer | undefined;
      const begin = performance.now();
      await until("The start of the pipeline", patience + 60, async () => {
        last = await api("POST", "/startpipeline");
        return last.status !== 409 || performance.now() - begin > patience * 1000;
      });
      if (last!.status === 409) throw new NotAsked(`the pipeline is busy: ${last!.json?.message}`);
      return (expectStatus("POST /startpipeline", last!, 202).json as { executionId: string }).executionId;
    },

    /** The release that a run has brought to every server. */
    async released(executionId: string, seconds: number, say: (line: string) => void): Promise<Told> {
      let said = "";
      return until("The pipeline's run", seconds, async () => {
        const { stages, releases } = await state();
        const ours = stages.filter((one) => one.executionId === executionId);
        for (const { stage: name, status, actions } of ours)
          if (/^(Failed|Stopped|Cancelled)$/.test(status))
            throw new Broken(
              `the pipeline's stage ${name} is ${status}: ${actions.find(({ message }) => message)?.message ?? "no reason given"}`,
            );
        const now = ours.map(({ stage: name, status }) => `${name} ${status}`).join(", ");
        if (now !== said) say((said = now));
        return releases.find(({ id, deployedAt }) => id === executionId && deployedAt !== undefined);
      });
    },

    async rollBack(release?: string): Promise<{ release: Told; from?: string }> {
      // Another deployment may be ending just now.
      let last: Answer | undefined;
      await until("The rollback's start", 120, async () => {
        last = await api("POST", "/rollback", release === undefined ? {} : { release });
        return last.status !== 409;
      });
      return expectStatus("POST /rollback", last!, 202).json as { release: Told; from?: string };
    },

    /** What reached every server last. */
    async live(): Promise<Told | undefined> {
      const { releases } = await state();
      const ran = releases.filter(({ deployedAt }) => deployedAt !== undefined);
      return ran.sort((a, b) => b.deployedAt!.localeCompare(a.deployedAt!))[0];
    },

    /** Whether a run is still going; stops it on request. */
    async goesOn(pipelineExecutionId: string, stop = false): Promise<boolean> {
      const pipeline = new CodePipeline({ region });
      const run = { pipelineName: outputs["pipelineName"]!, pipelineExecutionId };
      const { pipelineExecution } = await pipeline.getPipelineExecution(run);
      if (!/^(InProgress|Stopping)$/.test(pipelineExecution?.status ?? "")) return false;
      if (stop && pipelineExecution?.status === "InProgress")
        // A running deployment ends first: otherwise one that nobody waits for any more would go live later.
        await pipeline.stopPipelineExecution({ ...run, reason: "npm run verify was interrupted" });
      return true;
    },
  };
}
