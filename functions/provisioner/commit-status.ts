import { log } from "./journal";
import { CommitState, Settings, StepPorts } from "./ports";
import { Project } from "./project";
import { pageOf } from "./project-page";

const DESCRIPTIONS: Record<CommitState, string> = {
  pending: "It is being built.",
  success: "It was built and serves.",
  failure: "It was not delivered; the project's page says why.",
};

/** The part of a GitHub address that its API uses. */
const repositoryIn = (address: string) =>
  /^(?:https:\/\/github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(
    address,
  )?.[1];

const OF_A_PREVIEW: Record<CommitState, string> = {
  pending: "Its preview is being built.",
  success: "Its preview serves.",
  failure: "Its preview was not delivered; the project's page says why.",
};

/** GitHub's limit. */
const LONGEST = 140;

/** Shows the state of a commit beside it on GitHub, if the project has a token for its repository. A failure to show it stops nothing. */
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
    // The same commit may also be the project's own.
    context: previewOf ? "groundwork/preview" : "groundwork",
  };
  await ports
    .showCommit(change?.secretArn ?? project.secretArn, status)
    .catch((error: unknown) => log("commit status", id, error));
}
