// Every branch of every rule, on plain values; that a rule stands on what a real program declares is proved by violations.test.ts.
import { strict as assert } from "node:assert";
import { policyName } from "../../policies/pack";
import { STANDARDS } from "../../policies/standards";
import { RULES } from "../../policies/rules";
import { agentCases } from "./cases/agents";
import { alarmCases } from "./cases/alarms";
import { backupCases } from "./cases/backups";
import { bucketCases } from "./cases/buckets";
import { Case, Cases } from "./cases/case";
import { dataCases } from "./cases/data";
import { accessCases } from "./cases/iam-access";
import { actionCases } from "./cases/iam-actions";
import { keyCases } from "./cases/keys";
import { keptCases } from "./cases/kept";
import { instanceCases } from "./cases/instances";
import { nameCases } from "./cases/names";
import { apartCases } from "./cases/apart";
import { networkCases } from "./cases/network";
import { combinationCases } from "./cases/combinations";
import { peopleCases } from "./cases/people";
import { neighbourCases } from "./cases/neighbours";
import { orderCases } from "./cases/order";
import { deliveryCases } from "./cases/delivery";
import { awsImageCases } from "./cases/aws-images";
import { awsNetworkCases } from "./cases/aws-network";
import { awsWebCases } from "./cases/aws-web";
import { valueCases } from "./cases/values";
import { limitCases } from "./cases/aws-limits";
import { asEngine, ask } from "./engine";

const CASES: Cases = {
  ...networkCases,
  ...apartCases,
  ...instanceCases,
  ...dataCases,
  ...bucketCases,
  ...keptCases,
  ...keyCases,
  ...nameCases,
  ...accessCases,
  ...actionCases,
  ...alarmCases,
  ...valueCases,
  ...limitCases,
  ...combinationCases,
  ...peopleCases,
  ...neighbourCases,
  ...orderCases,
  ...backupCases,
  ...agentCases,
  ...deliveryCases,
  ...awsNetworkCases,
  ...awsWebCases,
  ...awsImageCases,
};

function tells(found: string[], { problems }: Case): void {
  assert.equal(found.length, problems.length, found.join("\n") || "nothing was found");
  problems.forEach((problem, i) => assert.ok(found[i]!.includes(problem), `${found[i]} lacks ${problem}`));
}

/** A component of another library is nothing to the engine's policies: what it makes is. */
const forEngine = ({ resources }: Case) => resources.every(({ type }) => !type.startsWith("awsx:"));

for (const [rule, cases] of Object.entries(CASES))
  describe(`the rule that a stack ${rule}`, () => {
    for (const one of cases)
      it(one.title, async () => {
        const { resources, keepData = true } = one;
        tells(await RULES[rule]!({ stack: "bad", keepData, resources }), one);
        if (STANDARDS[rule] && forEngine(one))
          tells(await ask(policyName(rule), resources.map(asEngine), keepData), one);
      });
  });

describe("the rules", () => {
  it("have cases for each", () => {
    assert.deepEqual(Object.keys(CASES).sort(), Object.keys(RULES).sort());
  });
});
