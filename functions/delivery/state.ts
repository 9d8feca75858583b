import { ApiReply, refusedByAws, reply } from "../shared/http";
import { Releases } from "./releases";

export interface StageState {
  stage: string;
  status: string;
  executionId?: string;
  actions: { action: string; status: string; at?: string; message?: string; url?: string }[];
}

export interface StatePorts {
  pipeline: { stages(): Promise<StageState[]> };
  releases: Pick<Releases, "list">;
}

/** The progress of each pipeline stage, and the latest ten releases, newest first. */
export async function pipelineState(ports: StatePorts): Promise<ApiReply> {
  try {
    const [stages, releases] = await Promise.all([ports.pipeline.stages(), ports.releases.list()]);
    const latest = releases.slice(0, 10).map(({ id, commit, image, recordedAt, deployedAt }) => ({
      id,
      commit,
      image,
      recordedAt,
      deployedAt,
    }));
    return reply(200, { stages, releases: latest });
  } catch (error) {
    return refusedByAws("tell the pipeline's state", error);
  }
}
