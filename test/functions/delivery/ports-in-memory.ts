import { ApiRequest } from "../../../functions/shared/http";
import { Claims } from "../../../functions/shared/claims";
import type { PipelineJobEvent } from "../../../functions/delivery/pipeline-job";
import { Release } from "../../../functions/delivery/releases";

/** Claims without a database; `clock` is in seconds. */
export function claimsInMemory(clock = { now: 0 }): Claims & { keys(): string[] } {
  const held = new Map<string, { until: number; answer?: string }>();
  const alive = (key: string) => {
    const found = held.get(key);
    return found && found.until >= clock.now ? found : undefined;
  };
  return {
    claim: async (key, seconds) => {
      const found = alive(key);
      if (found) return { mine: false, answer: found.answer };
      held.set(key, { until: clock.now + seconds });
      return { mine: true };
    },
    keep: async (key, answer, seconds) => void held.set(key, { until: clock.now + seconds, answer }),
    release: async (key) => void held.delete(key),
    keys: () => [...held.keys()].filter(alive),
  };
}

/** A request as API Gateway hands it on after its authorizer. */
export function requestOf(
  more: { key?: string; groups?: unknown; sub?: string; body?: string } = {},
): ApiRequest {
  return {
    headers: more.key === undefined ? {} : { "idempotency-key": more.key },
    body: more.body ?? null,
    requestContext: {
      authorizer: { claims: { sub: more.sub ?? "user-1", "cognito:groups": more.groups ?? "member,admin" } },
    },
  };
}

/** The nth release: made in the nth minute, under its own digest and bundle. */
export function releaseOf(n: number, deployed = true): Release {
  return {
    id: `execution-${n}`,
    commit: String(n).repeat(40),
    image: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:${String(n).repeat(64)}`,
    bundle: { bucket: "artifacts", key: `p/Build/${n}.zip`, version: `v${n}`, eTag: `e${n}` },
    recordedAt: `2026-01-01T00:0${n}:00Z`,
    ...(deployed ? { deployedAt: `2026-01-01T00:0${n}:30Z` } : {}),
  };
}

/** The job of an action of the pipeline: what the stages tell it, its artifacts, and its own word of the last time. */
export const jobOf = (
  parameters: string | undefined,
  artifacts = 1,
  continuationToken?: string,
): PipelineJobEvent => ({
  "CodePipeline.job": {
    id: "job-1",
    data: {
      actionConfiguration: { configuration: { UserParameters: parameters } },
      inputArtifacts: Array(artifacts).fill({
        location: { s3Location: { bucketName: "artifacts", objectKey: "p/Build/7.zip" } },
      }),
      continuationToken,
    },
  },
});
