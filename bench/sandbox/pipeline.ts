import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CodePipeline } from "@aws-sdk/client-codepipeline";
import { Problem, until } from "../../sandbox/problem";
import { root } from "../../sandbox/paths";
import { State } from "../../sandbox/state";

/** Seconds from a pipeline's start to its end, with a commit that changes the page: once built, and on every server. */
export async function measurePipeline(state: State, folder: string): Promise<number> {
  const { source, endpoints, environment } = state;
  if (!source) throw new Problem("The stack declares no pipeline.");
  const clone = path.join(folder, "source");
  const git = (...args: string[]) => execFileSync("git", args, { stdio: ["ignore", "ignore", "inherit"] });
  git("clone", "--quiet", path.join(root, source.folder), clone);
  const file = path.join(clone, "webapp/pages/layout.ts");
  fs.writeFileSync(
    file,
    fs.readFileSync(file, "utf8").replace('<html lang="en"', '<html lang="en" data-bench'),
  );
  const author = ["-c", "user.name=Bench", "-c", "user.email=bench@example.com"];
  git("-C", clone, ...author, "commit", "--quiet", "--all", "--message", "Change the page");
  git("-C", clone, "push", "--quiet", "origin", `HEAD:${source.branch}`);

  const pipeline = new CodePipeline({ ...endpoints, endpoint: environment["AWS_ENDPOINT_URL_CODEPIPELINE"] });
  try {
    const { pipelines = [] } = await pipeline.listPipelines({});
    const pipelineName = pipelines[0]!.name!;
    const began = performance.now();
    const { pipelineExecutionId } = await pipeline.startPipelineExecution({ name: pipelineName });
    const status = await until(
      "The end of the pipeline's run",
      async () => {
        const told = await pipeline.getPipelineExecution({ pipelineName, pipelineExecutionId });
        return told.pipelineExecution!.status;
      },
      { wanted: (one) => !["InProgress", "Stopping"].includes(one!), seconds: 600, everyMs: 200 },
    );
    if (status !== "Succeeded") throw new Problem(`The pipeline's run ended as ${status}.`);
    return (performance.now() - began) / 1000;
  } finally {
    pipeline.destroy();
  }
}
