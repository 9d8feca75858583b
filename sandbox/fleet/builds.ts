import { Build } from "@aws-sdk/client-codebuild";
import { Use } from "../engine/clients";
import { EventRules } from "./event-rules";

const SOURCE = "aws.codebuild";

/**
 * Tells the program's event rules of the builds that its functions started. MiniStack has ended one before it answers; here a build lasts
 * from one look to the next, so that whoever started it has written its id down when the end is told.
 */
export class Builds {
  /** Whether the end of a build has been told. */
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly use: Use,
    private readonly rules: EventRules,
  ) {}

  async follow(): Promise<void> {
    if (!(await this.rules.ask(SOURCE))) return;
    const codebuild = await this.use("codebuild");
    const { ids = [] } = await codebuild.listBuilds({});
    const open = ids.filter((id) => this.known.get(id) === false);
    for (const id of ids) if (!this.known.has(id)) this.known.set(id, false);
    if (open.length === 0) return;
    const { builds = [] } = await codebuild.batchGetBuilds({ ids: open });
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
