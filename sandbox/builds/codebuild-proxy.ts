import { EnvironmentVariable } from "@aws-sdk/client-codebuild";
import { Answer, EmulatorProxy } from "../emulator-proxy";
import { RunningBuild } from "./build";
import { BuildRunner } from "./runner";

interface Asked {
  projectName?: string;
  idempotencyToken?: string;
  id?: string;
  environmentVariablesOverride?: EnvironmentVariable[];
}
type Known = Record<string, unknown> & { id: string; arn: string };

/**
 * CodeBuild as the functions and the fleet reach it: MiniStack keeps projects and builds, and checks permissions; the runner executes the
 * builds, and what it knows about one replaces MiniStack's own answer, which is that each has succeeded.
 */
export const codebuildProxy = (ministack: string, runner: BuildRunner, note: (line: string) => void) => {
  /** Builds by idempotency token: a repeated request returns the same one. */
  const asked = new Map<string, Answer>();
  return new EmulatorProxy(
    ministack,
    async (call, { pass, refused, headers }) => {
      const action = String(headers["x-amz-target"]).split(".").at(-1);
      if (!["StartBuild", "StopBuild", "BatchGetBuilds"].includes(action!)) return pass(call);
      const { projectName, idempotencyToken, id, environmentVariablesOverride } = JSON.parse(call) as Asked;
      const once = action === "StartBuild" && idempotencyToken && `${projectName} ${idempotencyToken}`;
      const before = once && asked.get(once);
      if (before) return (await refused()) ?? told(before, runner);
      const answer = await pass(call);
      if (answer.status !== 200) return answer;
      if (action === "StopBuild") await runner.get(id!)?.stop();
      if (action === "StartBuild") {
        const { build } = JSON.parse(answer.body.toString()) as { build: Known };
        await runner.start(build.id, build.arn, environmentVariablesOverride);
        if (once) asked.set(once, answer);
      }
      return told(answer, runner);
    },
    note,
  );
};

/** An answer about builds, with what the runner knows about them. */
function told(answer: Answer, runner: BuildRunner): Answer {
  const content = JSON.parse(answer.body.toString()) as { build?: Known; builds?: Known[] };
  const over = (record: Known): Known => {
    const known = runner.get(record.id);
    return known ? { ...record, ...shape(known) } : record;
  };
  const body = Buffer.from(
    JSON.stringify({
      ...content,
      ...(content.build && { build: over(content.build) }),
      ...(content.builds && { builds: content.builds.map(over) }),
    }),
  );
  return { ...answer, headers: { ...answer.headers, "content-length": String(body.length) }, body };
}

function shape(build: RunningBuild) {
  const { status: buildStatus, phases, currentPhase, startTime, endTime, logs } = build;
  const exportedEnvironmentVariables = build.exported;
  const buildComplete = buildStatus !== "IN_PROGRESS";
  return {
    ...{ buildStatus, buildComplete, phases, currentPhase, startTime, endTime, logs },
    exportedEnvironmentVariables,
  };
}
