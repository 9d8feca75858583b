import { Build } from "@aws-sdk/client-codebuild";
import { Use } from "../engine/clients";
import { everyPage } from "../engine/pages";
import { EventRules } from "./event-rules";

const SOURCE = "aws.codebuild";
/** CodeBuild returns no more at once. */
const AT_ONCE = 100;

/**
 * Sends the ends of builds that the program's functions started to its event rules, at the second look at the earliest, so that the
 * caller has stored the build's id by then.
 */
export class Builds {
  /** Whether the end of a build has been reported. */
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly codebuild: { list: Use; ask: Use },
    private readonly rules: EventRules,
  ) {}

  /** Builds whose end has not been reported. */
  get open(): string[] {
    return [...this.known].filter(([, told]) => !told).map(([id]) => id);
  }

  async follow(): Promise<void> {
    if (!(await this.rules.ask(SOURCE))) return;
    const codebuild = await this.codebuild.list("codebuild");
    const ids = await everyPage(
      (from) => codebuild.listBuilds(from),
      (page) => page.ids,
    );
    const { open } = this;
    for (const id of ids) if (!this.known.has(id)) this.known.set(id, false);
    for (let i = 0; i < open.length; i += AT_ONCE) await this.look(open.slice(i, i + AT_ONCE));
  }

  private async look(ids: string[]): Promise<void> {
    const codebuild = await this.codebuild.ask("codebuild");
    const { builds = [] } = await codebuild.batchGetBuilds({ ids });
    for (const build of builds.filter(({ buildStatus }) => buildStatus !== "IN_PROGRESS")) {
      this.known.set(build.id!, true);
      await this.tell(build);
    }
  }

  private tell({ arn, projectName, buildStatus }: Build): Promise<void> {
    return this.rules.tell({
      source: SOURCE,
      "detail-type": "CodeBuild Build State Change",
      resources: [arn!],
      detail: { "build-status": buildStatus, "project-name": projectName, "build-id": arn },
    });
  }
}
