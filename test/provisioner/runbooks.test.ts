// Runbooks by the API: no emulator has Automation, so that a listener hears what the function's own zip asks of it.
import { strict as assert } from "node:assert";
import { awsCallOf, listen, Listener } from "../listener";
import { ask, call, launchMachine, MEMBER, NOTHING, remains, settledProject } from "./driver";
import { functionNamed, PREFIX, Rig } from "./rig";
import { sharedRig } from "./shared-rig";

describe("a runbook", function () {
  this.timeout(120_000);
  let rig: Rig;
  const heard: { target: string; body: object }[] = [];
  let listener: Listener;
  before(async function () {
    rig = await sharedRig(this);
    listener = await listen(async (request, response) => {
      const { target, body } = await awsCallOf(request);
      heard.push({ target, body: JSON.parse(body) });
      response.end(JSON.stringify({ AutomationExecutionId: "12345678-1234-1234-1234-123456789012" }));
    });
  });
  after(() => listener?.close());

  const order = (id: string, name: string) => call(rig, MEMBER, "POST", `/projects/${id}/runbook`, { name });
  const remove = async (id: string) => {
    await call(rig, MEMBER, "DELETE", `/projects/${id}`);
    await settledProject(rig, id);
  };

  it("refuses an unknown name, a project that is being created, and one without servers", async () => {
    const id = await ask(rig, "restless");
    await settledProject(rig, id);
    assert.equal((await order(id, "format")).status, 400);
    assert.equal(
      (await order(id, "restart")).body.message,
      "Only a project with servers can be restarted or patched.",
    );
    await remove(id);
    const busy = await ask(rig, "busy", { type: "realtime", stack: "node" });
    await settledProject(rig, busy, { step: "create", events: false });
    assert.equal((await order(busy, "restart")).body.code, "busy");
    await remove(busy);
    assert.deepEqual(await remains(rig), NOTHING);
  });

  it("starts on the servers of one project", async () => {
    const FunctionName = await functionNamed(rig, "api");
    const { Environment } = await rig.aws.lambda.getFunctionConfiguration({ FunctionName });
    const { RUNBOOK_RESTART, RUNBOOK_PATCH } = Environment!.Variables!;
    const Variables = { ...Environment!.Variables, AWS_ENDPOINT_URL_SSM: listener.url };
    await rig.aws.lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
    try {
      const id = await ask(rig, "restarted", { type: "realtime", stack: "node" });
      await settledProject(rig, id, { step: "deliver", only: "stack" });
      await launchMachine(rig, id);
      await settledProject(rig, id);
      for (const name of ["restart", "patch"])
        assert.deepEqual(await order(id, name), {
          status: 202,
          body: { id, execution: "12345678-1234-1234-1234-123456789012" },
        });
      const Parameters = { Stack: [`${PREFIX}-${id}`] };
      assert.deepEqual(
        heard,
        [RUNBOOK_RESTART, RUNBOOK_PATCH].map((DocumentName) => ({
          target: "AmazonSSM.StartAutomationExecution",
          body: { DocumentName, Parameters },
        })),
      );
      await remove(id);
    } finally {
      await rig.aws.lambda.updateFunctionConfiguration({ FunctionName, Environment });
    }
  });
});
