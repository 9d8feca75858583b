import { activeNode, nodesOf, withoutNodes } from "../database-nodes";
import { whileWriting } from "../database-writes";
import { endMachine } from "../end-machine";
import { needs, Promised } from "../promised";

export const databaseFault: Promised = {
  name: "another database node takes over from a terminated one",
  expected:
    "another node serves, writes go on, and nothing written is lost; the seconds without writes are measured",
  by: "faults",
  notice: "it terminates the active database node; nothing is written until another one serves",
  takes: { sandbox: 30, AWS: 120 },
  usd: 0.01,
  missing: (stage) => withoutNodes(stage) ?? needs("userPoolId")(stage),
  async run(context) {
    const { stage, until, say } = context;
    const { active } = await nodesOf(stage);
    return whileWriting(context, `${active} was terminated`, async (goesOn) => {
      await endMachine(stage, active);
      say(`${active} is terminated`);
      const next = await until("Another node's takeover", 600, async () => {
        const now = await activeNode(stage);
        return now !== undefined && now !== active && goesOn() && now;
      });
      return `${active} was terminated, and ${next} took over`;
    });
  },
};
