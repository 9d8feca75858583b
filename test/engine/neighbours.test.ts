// Two stacks of one program in one AWS account, with the stack of what an account has once.
import { strict as assert } from "node:assert";
import { AwsAccount, Ended, Engine, askedFor, cliFor, startAccount, startEngine } from "./stack";

const AT_ONCE = ["--yes", "--skip-preview"];
const NAMES = ["account", "dev", "prod"] as const;

const succeeded = ({ code, output }: Ended) => assert.equal(code, 0, output);

describe("an account with several stacks", function () {
  this.timeout(900_000);
  let account: AwsAccount;
  const engines = {} as Record<(typeof NAMES)[number], Engine>;

  before(async function () {
    askedFor(this);
    const cli = cliFor(this);
    account = await startAccount();
    for (const name of NAMES) engines[name] = await startEngine(cli, name, { account });
    for (const name of ["dev", "prod"] as const)
      engines[name].configure((config) => ({ ...config, "groundwork:account": { singletons: "shared" } }));
  });
  after(async () => {
    for (const engine of Object.values(engines)) await engine.close();
    account?.close();
  });

  it("refuses a stack that shares what no stack has created yet", async () => {
    const { code, output } = await engines.dev.npmRun("up", ...AT_ONCE);
    assert.notEqual(code, 0);
    assert.match(output, /run npm run up -- --stack account first/);
  });

  for (const name of NAMES)
    it(`accepts the stack ${name}`, async () => succeeded(await engines[name].npmRun("up", ...AT_ONCE)));

  it("keeps prod unchanged when dev is destroyed", async () => {
    succeeded(await engines.dev.npmRun("destroy", ...AT_ONCE));
    for (const name of ["prod", "account"] as const)
      succeeded(await engines[name].npmRun("preview", "--refresh", "--expect-no-changes"));
  });
});
