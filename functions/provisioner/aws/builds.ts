import {
  BatchGetBuildsCommand,
  CodeBuildClient,
  StartBuildCommand,
  StopBuildCommand,
} from "@aws-sdk/client-codebuild";
import { Builder, BuildState } from "../ports";
import { named } from "../../shared/is-named";

export function builderOf(client: CodeBuildClient): Builder {
  return {
    start: async (projectName, onceKey, told) => {
      const idempotencyToken = onceKey.slice(-64);
      const environmentVariablesOverride = Object.entries(told).map(([name, value]) => ({ name, value }));
      const command = new StartBuildCommand({ projectName, idempotencyToken, environmentVariablesOverride });
      try {
        const { build } = await client.send(command);
        return { id: build!.id!, logUrl: build!.logs?.deepLink };
      } catch (error) {
        if (named(error, "AccountLimitExceededException", "ThrottlingException")) return "full";
        throw error;
      }
    },
    stop: async (id) => {
      await client.send(new StopBuildCommand({ id })).catch((error: unknown) => {
        if (!named(error, "ResourceNotFoundException", "InvalidInputException")) throw error; // over or gone
      });
    },
  };
}

const ENDS: Record<string, string> = {
  FAULT: "broke down on the side of AWS",
  STOPPED: "was stopped",
  TIMED_OUT: "took too long",
};

export async function buildState(client: CodeBuildClient, id: string): Promise<BuildState> {
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  const build = builds?.[0];
  if (!build) return { status: "failed", reason: "The build is gone." };
  if (build.buildStatus === "IN_PROGRESS")
    return { status: build.currentPhase === "QUEUED" ? "queued" : "running", reason: "" };
  const said = (wanted: string) =>
    build.exportedEnvironmentVariables?.find(({ name }) => name === wanted)?.value;
  const [commit, release] = [said("COMMIT"), said("RELEASE")];
  const built = { ...(commit && { commit }), ...(release && { release }) };
  if (build.buildStatus === "SUCCEEDED") return { status: "done", reason: "", ...built };
  const phase = build.phases?.find(({ phaseStatus }) => phaseStatus && phaseStatus !== "SUCCEEDED");
  const where = phase?.phaseType ? ` in its phase ${phase.phaseType}` : "";
  return {
    status: "failed",
    reason: `The build ${ENDS[build.buildStatus!] ?? "failed"}${where}.`,
    logStream: build.logs?.streamName,
    ...built,
  };
}
