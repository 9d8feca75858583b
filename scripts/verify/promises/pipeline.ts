import { ask } from "../ask";
import { Broken, Context, needs, Promised } from "../promised";
import { releasesOf } from "../releases";
import { Watch } from "../watch";

const RUN_SECONDS = { sandbox: 400, AWS: 3_600 };

export const pipeline: Promised = {
  name: "the pipeline releases and rolls back",
  expected:
    "a run started with a token reaches every server; POST /rollback restores the previous release; the site's answers are measured meanwhile",
  by: "slow",
  notice:
    "the branch's newest commit goes to the servers; then the previous release returns. Each run may send mail to the operator, and may wait for an approval",
  takes: { sandbox: 180, AWS: 1_800 },
  usd: 0.15,
  missing: needs("deliveryUrl", "pipelineName", "userPoolId"),
  async run(context) {
    const { stage, made, say } = context;
    const releases = releasesOf(context);
    await releases.requireRights();
    const before = await releases.live();
    const watch = new Watch(async () => (await ask(`${stage.url}/health`)).status === 200);
    try {
      const begin = performance.now();
      const run = async (patience: number) => {
        const execution = await releases.start(patience);
        seeToTheEnd(context, execution, before?.id);
        return releases.released(execution, RUN_SECONDS[stage.target], say);
      };
      const first = await run(0);
      const seconds = ((performance.now() - begin) / 1000).toFixed(0);
      say(`commit ${first.commit.slice(0, 8)} is on every server`);
      const due = before ?? first;
      if (!before) {
        made.stays.push(`the release ${first.commit.slice(0, 8)}: there was none before it to roll back to`);
        // The same release again, to roll back from.
        await run(60);
      }
      const { release } = await releases.rollBack();
      if (release.id !== due.id) throw new Broken(`POST /rollback restored ${release.id}, not ${due.id}`);
      await context.until(
        "The previous release on every server",
        1_200,
        async () => (await releases.live())?.id === due.id,
      );
      const again = before ? "" : ", released twice because there was none before,";
      return `commit ${first.commit.slice(0, 8)}${again} was on every server after ${seconds} s; ${due.commit.slice(0, 8)} was restored; of the requests meanwhile, ${await watch.end()}`;
    } finally {
      await watch.end();
    }
  },
};

/** After an interruption, the run must not deploy any more, and the previous release comes back. */
function seeToTheEnd(context: Context, execution: string, before: string | undefined): void {
  const removing = { ...context, until: context.untilGone };
  const releases = releasesOf(removing);
  const isBefore = async () => before === undefined || (await releases.live())?.id === before;
  context.made.add({
    what: before === undefined ? "the pipeline's run" : "the pipeline's run and its release",
    there: async () => (await releases.goesOn(execution)) || !(await isBefore()),
    async remove() {
      await removing.until(
        "The end of the pipeline's run",
        1_800,
        async () => !(await releases.goesOn(execution, true)),
      );
      if (await isBefore()) return;
      await releases.rollBack(before);
      await removing.until("The previous release on every server", 1_200, isBefore);
    },
  });
}
