// What waits in a queue waits for a person in the end: that person may be on holiday.
import { strict as assert } from "node:assert";
import { some } from "../some";
import { STACKS, stackView } from "./stacks";

const LONGEST_THAT_SQS_KEEPS = 14 * 24 * 3600;

describe("the queues of every stack", () => {
  it("keep what nobody has taken as long as SQS does", async () => {
    const views = await Promise.all(STACKS.map((stack) => stackView(stack)));
    const queues = views.flatMap(({ resources }) => resources).filter(({ type }) => type.endsWith(":Queue"));
    for (const { name, inputs } of some(queues))
      assert.equal(inputs.messageRetentionSeconds, LONGEST_THAT_SQS_KEEPS, name);
  });
});
