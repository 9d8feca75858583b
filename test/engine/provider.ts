// The AWS providers' place under the official engine: an account that refuses what AWS refuses, and answers with what AWS would compute. A
// process of its own, which says its two ports.
import { readFileSync } from "node:fs";
import { main } from "@pulumi/pulumi/provider";
import { answerCall, computedOutputs } from "../../components/testing/answers";
import { difference } from "../../sandbox/engine/difference";
import { constructing } from "../../sandbox/provider/crosswalk";
import { named } from "../../sandbox/provider/names";
import { Provider, serve } from "../../sandbox/provider/server";
import { compared, partsOf } from "../../sandbox/provider/values";
import { Account } from "./account/account";
import { looked } from "./account/looked";
import type { Inputs } from "./account/rule";
import { RULES } from "./account/rules";

const account = new Account(RULES);

const strict: Provider = {
  configure() {},
  check: ({ type, name }, before, inputs) => named(type, name, before, inputs),
  diff: async ({ type }, { id }, inputs) => ({
    ...difference(type, account.get(type, id).inputs, compared(inputs)),
    remarks: [],
  }),
  async create({ type, name, preview }, inputs) {
    if (preview) return { id: "", outputs: inputs };
    const { id, computed } = await account.create(type, name, compared(inputs));
    return { id, outputs: { ...inputs, ...computed } };
  },
  async update({ type, preview }, { id }, inputs) {
    if (preview) return { ...inputs, ...account.afterUpdate(type, id) };
    const { computed } = await account.update(type, id, compared(inputs));
    return { ...inputs, ...computed };
  },
  delete: ({ type }, { id }) => account.delete(type, id),
  async read({ type }, kept) {
    const thing = account.held(type, kept.id);
    if (!thing) return undefined;
    // What is taken in is known by its id alone.
    return Object.keys(kept.outputs).length > 0
      ? kept
      : { id: kept.id, inputs: thing.inputs, outputs: thing.outputs };
  },
  invoke: async (_, token, inputs) => looked(account, token, inputs) ?? answerCall({ token, inputs }),
};

/** The resources of a stack's state that stand in the account already. */
interface Standing {
  urn: string;
  type: string;
  id?: string;
  custom?: boolean;
  inputs?: Inputs;
  outputs?: Inputs;
}
for (const { urn, type, id, custom, inputs = {}, outputs = {} } of JSON.parse(
  process.env.GROUNDWORK_STANDING ? readFileSync(process.env.GROUNDWORK_STANDING, "utf8") : "[]",
) as Standing[])
  if (custom && id && type.startsWith("aws:"))
    account.adopt({
      type,
      id,
      name: partsOf(urn).name,
      inputs: compared(inputs),
      outputs: compared(outputs),
    });

const image = (name: string, inputs: Inputs) =>
  computedOutputs({ type: "awsx:ecr:Image", name, inputs, custom: false });

void serve(strict).then((port) => {
  console.log(port);
  return main({ version: "999.0.0", construct: constructing(image) }, []); // says its own
});
