import { log } from "./journal";
import { CommitState, StepPorts } from "./ports";
import { Project } from "./project";

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

/** Shows a commit's fate beside it on GitHub, where the project has a token for its repository. That it cannot be shown stops nothing. */
export async function tellCommit(
  ports: Pick<StepPorts, "showCommit">,
  { consoleUrl }: { consoleUrl: string },
  project: Project,
  state: CommitState,
): Promise<void> {
  const { id, change, built } = project;
  const repository = repositoryIn(change?.repository ?? project.repository);
  const commit = built ?? change?.commit;
  if (!repository || !commit) return;
  const target = `${consoleUrl}/console?project=${id}`;
  const status = { repository, commit, state, description: DESCRIPTIONS[state], target };
  await ports
    .showCommit(change?.secretArn ?? project.secretArn, status)
    .catch((error: unknown) => log("commit status", id, error));
}
