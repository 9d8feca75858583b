// The AWS providers' place under the official engine: an account that refuses what AWS refuses, and answers with what AWS would compute. A
// process of its own, which prints the port that it listens on.
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws/ecr";
import * as pulumi from "@pulumi/pulumi";
import * as provider from "@pulumi/pulumi/provider";
import { answerCall, computedOutputs } from "../../components/testing/answers";
import { difference } from "../../sandbox/engine/difference";
import { Account } from "./account/account";
import { looked } from "./account/looked";
import { named } from "./account/names";
import { SCHEMA } from "./account/schema";
import type { Inputs } from "./account/rule";
import { RULES } from "./account/rules";

/** awsx's components are made by their provider, with children of the AWS provider. */
class Remote extends pulumi.ComponentResource {}

const account = new Account(RULES);

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
function partsOf(urn: string): { type: string; name: string } {
  const [, , types, ...name] = urn.split("::");
  return { type: types!.split("$").pop()!, name: name.join("::") };
}

/** Among the arguments of a call that must change nothing. */
const PREVIEWED = "__previewed";

const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Arguments as AWS sees them: what is secret for the engine is told, and of a file or archive counts what is in it. */
function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plain) as T;
  if (typeof value !== "object" || value === null) return value;
  const inputs = value as Inputs;
  if (inputs[MARK] === SECRET)
    return plain("plaintext" in inputs ? JSON.parse(inputs.plaintext as string) : inputs.value) as T;
  if (inputs[MARK] !== undefined && inputs.hash !== undefined) return { hash: inputs.hash as unknown } as T;
  return Object.fromEntries(Object.entries(inputs).map(([key, one]) => [key, plain(one)])) as T;
}

/** The children that matter: a repository holds images, and goes only when it is told to go with them. */
function repository(name: string, inputs: Inputs, component: Remote): Inputs {
  const { lifecyclePolicy, ...args } = inputs;
  const parent = { parent: component };
  const made = new aws.Repository(name, args, parent);
  if (lifecyclePolicy)
    new aws.LifecyclePolicy(name, { repository: made.name, policy: clearing(lifecyclePolicy.rules) }, parent);
  return { url: made.repositoryUrl, repository: made };
}

/** The rules as ECR takes them, the one for any image last, as awsx writes them. */
function clearing(rules: Inputs[]): string {
  const inOrder = [...rules].sort((a, b) => Number(a.tagStatus === "any") - Number(b.tagStatus === "any"));
  return JSON.stringify({
    rules: inOrder.map(({ description, tagStatus, tagPrefixList, ...counted }, i) => ({
      rulePriority: i + 1,
      description,
      selection: {
        ...{ tagStatus, tagPrefixList },
        ...(counted.maximumAgeLimit === undefined
          ? { countType: "imageCountMoreThan", countNumber: counted.maximumNumberOfImages }
          : { countType: "sinceImagePushed", countNumber: counted.maximumAgeLimit, countUnit: "days" }),
      },
      action: { type: "expire" },
    })),
  });
}

const strict: provider.Provider = {
  version: "999.0.0", // newer than whatever the SDK asks for
  schema: JSON.stringify(SCHEMA),
  async check(urn, olds, news: Inputs) {
    const { type, name } = partsOf(urn);
    return { inputs: named(type, name, olds, news) };
  },
  async diff(id, urn, _olds, news: Inputs) {
    const { type } = partsOf(urn);
    const { changed, ...rest } = difference(type, account.get(type, id).inputs, plain(news));
    return { ...rest, changes: changed.length > 0 };
  },
  async create(urn, { [PREVIEWED]: previewed, ...inputs }: Inputs) {
    const { type, name } = partsOf(urn);
    if (previewed) return { id: "", outs: inputs };
    const { id, computed } = await account.create(type, name, plain(inputs));
    return { id, outs: { ...inputs, ...computed } };
  },
  async update(id, urn, _olds, { [PREVIEWED]: previewed, ...inputs }: Inputs) {
    const { type } = partsOf(urn);
    if (previewed) return { outs: { ...inputs, ...account.afterUpdate(type, id) } };
    const { computed } = await account.update(type, id, plain(inputs));
    return { outs: { ...inputs, ...computed } };
  },
  async delete(id, urn) {
    await account.delete(partsOf(urn).type, id);
  },
  async read(id, urn, props) {
    const thing = account.held(partsOf(urn).type, id);
    if (!thing) return { id: "", props: {} };
    // What is taken in is known by its id alone.
    return Object.keys(props as object).length > 0
      ? { id, props }
      : { id, props: thing.outputs, inputs: thing.inputs };
  },
  async construct(name, type, inputs, options) {
    const component = new Remote(type, name, {}, options);
    const state =
      type === "awsx:ecr:Repository"
        ? repository(name, inputs, component)
        : computedOutputs({ type, name, inputs, custom: false });
    return { urn: component.urn, state };
  },
  async invoke(token, inputs: Inputs) {
    return { outputs: looked(account, token, inputs) ?? answerCall({ token, inputs }) };
  },
};

/* eslint-disable @typescript-eslint/no-explicit-any -- Pulumi ships its protocol without types */
const {
  ConfigureResponse,
  CreateRequest,
  ReadRequest,
  UpdateRequest,
}: any = require("@pulumi/pulumi/proto/provider_pb");
const { Struct }: any = require("google-protobuf/google/protobuf/struct_pb");
// An import sends no properties, for which the SDK's server does not look.
const sent = ReadRequest.prototype.getProperties as () => unknown;
ReadRequest.prototype.getProperties = function (this: unknown) {
  return sent.call(this) ?? new Struct();
};

// Nor does it let a provider take part in previews: the engine would then take an update to change everything that AWS computes, and what
// names it to be replaced. The AWS provider says what stays.
const encoded = ConfigureResponse.prototype.serializeBinary as () => Uint8Array;
ConfigureResponse.prototype.serializeBinary = function (this: any) {
  this.setSupportspreview(true);
  return encoded.call(this);
};
function tellPreviews(request: any, inputs: string): void {
  const given = request.prototype[inputs] as () => { toJavaScript(): Inputs };
  request.prototype[inputs] = function (this: any) {
    const told = given.call(this).toJavaScript();
    const previewed: boolean = this.getPreview();
    return { toJavaScript: () => (previewed ? { ...told, [PREVIEWED]: true } : told) };
  };
}
tellPreviews(CreateRequest, "getProperties");
tellPreviews(UpdateRequest, "getNews");
/* eslint-enable @typescript-eslint/no-explicit-any */

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
    account.adopt({ type, id, name: partsOf(urn).name, inputs: plain(inputs), outputs: plain(outputs) });

void provider.main(strict, process.argv.slice(2));
