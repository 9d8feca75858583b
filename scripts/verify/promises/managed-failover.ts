import { whileWriting } from "../database-writes";
import { managedOf, withoutManaged } from "../managed-database";
import { needs, Promised } from "../promised";

export const managedFailover: Promised = {
  name: "an RDS database fails over to its standby",
  expected:
    "another instance is the writer, writes go on, and nothing written is lost; the seconds without writes are measured",
  by: "faults",
  notice: "RDS makes the database's standby the writer; nothing is written for a minute or two",
  takes: { sandbox: 0, AWS: 240 },
  usd: 0,
  missing: (stage) => withoutManaged(stage) ?? needs("userPoolId")(stage),
  async run(context) {
    const { stage, until } = context;
    const database = await managedOf(stage);
    const before = await database.writer();
    return whileWriting(context, "the database failed over", async (goesOn) => {
      await database.failOver();
      const next = await until("The standby's takeover", 900, async () => {
        const now = await database.writer();
        return now !== undefined && now !== before && goesOn() && now;
      });
      return `from ${before} to ${next}`;
    });
  },
};
