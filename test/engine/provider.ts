// The AWS providers' place under the official engine: takes every resource and answers with what AWS would compute. A process of its
// own, which prints the port that it listens on.
import * as pulumi from "@pulumi/pulumi";
import * as provider from "@pulumi/pulumi/provider";
import { answerCall, computedOutputs } from "../../components/testing/answers";

/** awsx's components are made by their provider; their children are left out. */
class Remote extends pulumi.ComponentResource {}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
function named(urn: string): { type: string; name: string } {
  const [, , types, ...name] = urn.split("::");
  return { type: types!.split("$").pop()!, name: name.join("::") };
}

const standIn: provider.Provider = {
  version: "999.0.0", // newer than whatever the SDK asks for
  async create(urn, inputs: Record<string, unknown>) {
    const { type, name } = named(urn);
    const id = `${name}-id`;
    return { id, outs: { ...inputs, ...computedOutputs({ type, name, inputs, custom: true }) } };
  },
  async update(_id, urn, _olds, inputs: Record<string, unknown>) {
    return { outs: { ...inputs, ...computedOutputs({ ...named(urn), inputs, custom: true }) } };
  },
  async construct(name, type, inputs, options) {
    const { urn } = new Remote(type, name, {}, options);
    return { urn, state: computedOutputs({ type, name, inputs, custom: false }) };
  },
  async invoke(token, inputs: Record<string, unknown>) {
    return { outputs: answerCall({ token, inputs }) };
  },
};

void provider.main(standIn, process.argv.slice(2));
