import { log } from "./journal";
import { CommitState, Settings, StepPorts } from "./ports";
import { Project } from "./project";
import { pageOf } from "./project-page";

const DESCRIPTIONS: Record<CommitState, string> = {
  pending: "It is being built.",
  success: "It was built and serves.",
  failure: "It was not delivered; the project's page says why.",
};

/** The part of a GitHub address that its API goes by. */
const repositoryIn = (address: string) =>
  /^(?:https:\/\/github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(
    address,
  )?.[1];

const OF_A_PREVIEW: Record<CommitState, string> = {
  pending: "Its preview is being built.",
  success: "Its preview serves.",
  failure: "Its preview was not delivered; the project's page says why.",
};

/** GitHub takes no more. */
const LONGEST = 140;

/** Shows a commit's fate beside it on GitHub, where the project has a token for its repository. That it cannot be shown stops nothing. */
export async function tellCommit(
  ports: Pick<StepPorts, "showCommit">,
  settings: Pick<Settings, "consoleUrl">,
  project: Project,
  state: CommitState,
  description = (project.previewOf ? OF_A_PREVIEW : DESCRIPTIONS)[state],
): Promise<void> {
  const { id, change, built, previewOf, url } = project;
  const repository = repositoryIn(change?.repository ?? project.repository);
  const commit = built ?? change?.commit;
  if (!repository || !commit) return;
  const status = {
    ...{ repository, commit, state, description: description.slice(0, LONGEST) },
    target: previewOf && state === "success" && url ? url : pageOf(settings, project),
    // The same commit may be the project's own, too.
    context: previewOf ? "groundwork/preview" : "groundwork",
  };
  await ports
    .showCommit(change?.secretArn ?? project.secretArn, status)
    .catch((error: unknown) => log("commit status", id, error));
}
