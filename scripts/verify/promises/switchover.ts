import { activeNode, nodesOf, withoutNodes } from "../database-nodes";
import { whileWriting } from "../database-writes";
import { Broken, needs, NotAsked, Promised } from "../promised";
import { lastOf, script } from "../script";

/** The key of the lease table's one item, as in components/database. */
const KEY = "database";

export const switchover: Promised = {
  name: "the database switches over to its other node",
  expected:
    "npm run switchover ends well, the other node serves, and nothing written is lost; the seconds without writes are measured",
  by: "faults",
  notice: "the database switches over to its other node; nothing is written for some seconds",
  takes: { sandbox: 15, AWS: 30 },
  usd: 0,
  missing: (stage) => withoutNodes(stage) ?? needs("userPoolId")(stage),
  async run(context) {
    const { stage, until } = context;
    const { table, active, others } = await nodesOf(stage);
    const [next] = others;
    if (!next) throw new NotAsked(`no other node runs besides ${active}`);
    return whileWriting(context, "the database moved", async (goesOn) => {
      const ended = await script(context, 120, "switchover.cjs", [table, stage.region, KEY, next]);
      if (ended.code !== 0) throw new Broken(`npm run switchover ended with ${ended.code}: ${lastOf(ended)}`);
      await until("Writes to the other node", 60, async () => (await activeNode(stage)) === next && goesOn());
      return `from ${active} to ${next}`;
    });
  },
};
