// What a stack traces when it is told to, and that it traces nothing when it is not.
import { strict as assert } from "node:assert";
import type { Declared } from "../../policies/declared";
import { costsOf } from "../../scripts/preview/cost";
import { resourcesOf } from "../../scripts/preview/declared";
import { some } from "../some";
import { rightsIn } from "../statements";
import { TRACED_MACHINE } from "./service-roles";
import { stackView } from "./stacks";
import { filesOf, zipSize } from "./zips";
import { leftToAll } from "../left-to-all";

/** What tells X-Ray of a function's own calls, in its zip. */
const MOST_ADDED_BYTES = 750;
const EMAILS = { alarmEmails: ["operator@example.com"] };

const traced = async (tracedPercent: number) =>
  (await stackView("dev", { config: { "groundwork:operations": { ...EMAILS, tracedPercent } } })).resources;

const ofType = (resources: Declared[], type: string) => resources.filter((one) => one.type === `aws:${type}`);
const named = (resources: Declared[]) => resources.map(({ name }) => name).sort();

/** The resources that X-Ray hears of, by what they are. */
function tracedIn(resources: Declared[]) {
  const policies = ofType(resources, "iam/rolePolicy:RolePolicy");
  const templates = ofType(resources, "ec2/launchTemplate:LaunchTemplate");
  return {
    functions: named(
      ofType(resources, "lambda/function:Function").filter(
        ({ inputs }) => inputs.tracingConfig.mode !== "PassThrough",
      ),
    ),
    apis: named(
      ofType(resources, "apigateway/stage:Stage").filter(({ inputs }) => inputs.xrayTracingEnabled),
    ),
    machines: named(
      ofType(resources, "sfn/stateMachine:StateMachine").filter(
        ({ inputs }) => inputs.tracingConfiguration.enabled,
      ),
    ),
    servers: named(
      templates.filter(({ inputs }) =>
        /^ *TRACED_PERCENT=\d+$[^]*"otlp"/m.test(Buffer.from(inputs.userData, "base64").toString()),
      ),
    ),
    rights: named(policies.filter(({ inputs }) => "xray:PutTraceSegments" in rightsIn(inputs.policy))),
  };
}

const traces = (resources: Declared[]) =>
  costsOf(resourcesOf(resources), "eu-west-1").filter(({ what }) => what === "traces");

describe("the traces of a stack", () => {
  it("follow a request: servers, APIs, the functions that answer, the projects' state machine", async () => {
    const functions = ["delivery-api-rollback", "delivery-api-start", "delivery-api-state"];
    const provisioner = ["provisioner-api", "provisioner-reading", "provisioner-steps"];
    assert.deepEqual(tracedIn(await traced(5)), {
      functions: [...functions, ...provisioner],
      apis: ["delivery-api", "provisioner"],
      machines: ["provisioner"],
      servers: ["web"],
      rights: [
        ...functions,
        "provisioner-api",
        "provisioner-machine",
        "provisioner-reading",
        "provisioner-steps",
        "web",
      ],
    });
  });

  it("add little to the functions' packages, and nothing if they are off", async function () {
    leftToAll(this);
    const sizesIn = async (resources: Declared[]) => {
      const functions = ofType(resources, "lambda/function:Function");
      return new Map(
        await Promise.all(functions.map(async (one) => [one.name, zipSize(await filesOf(one))] as const)),
      );
    };
    const resources = await traced(5);
    const before = await sizesIn((await stackView("dev")).resources);
    const { functions } = tracedIn(resources);
    for (const [name, size] of some([...(await sizesIn(resources))])) {
      const added = size - before.get(name)!;
      const most = functions.includes(name) ? MOST_ADDED_BYTES : 0;
      assert.ok(most ? added > 0 && added <= most : added === 0, `${name} has ${added} bytes more`);
    }
  });

  it("come with every permission that Step Functions needs for X-Ray", async () => {
    const policies = ofType(await traced(5), "iam/rolePolicy:RolePolicy");
    const { inputs } = policies.find(({ name }) => name === "provisioner-machine")!;
    const allowed = Object.keys(rightsIn(inputs.policy)).filter((one) => one.startsWith("xray:"));
    assert.deepEqual(allowed.sort(), [...TRACED_MACHINE.actions].sort());
  });

  it("are off by default, without permissions or a price", async () => {
    const { resources } = await stackView("dev");
    assert.deepEqual(tracedIn(resources), { functions: [], apis: [], machines: [], servers: [], rights: [] });
    assert.deepEqual(traces(resources), []);
  });

  it("cost in proportion to their number", async () => {
    const sum = async (percent: number) => {
      const costs = traces(await traced(percent)).filter(({ resource }) => resource.component === "WebTier");
      assert.equal(costs.length, 1);
      return costs[0]!.usd;
    };
    assert.equal((await sum(50)) / (await sum(5)), 10);
  });
});
