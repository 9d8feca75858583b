// From a pushed commit to the servers and back, by the program's own pipeline in the running sandbox.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CodeDeploy, DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import { CodePipeline } from "@aws-sdk/client-codepipeline";
import type { Live } from "../../sandbox/page/live";
import { root } from "../../sandbox/paths";
import { until } from "../../sandbox/problem";
import { some } from "../some";
import { tokenOf } from "./api-token";
import { allowSecondGroup, forbidSecondGroup, toOneGroup, toSecondGroup } from "./second-group";
import { SharedSandbox, sharedSandbox } from "./shared";
import { visitingWhile } from "./visiting";
import { leftToAll } from "../left-to-all";

interface Answer {
  status: number;
  body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- the API's answers have no common type
}

describe("the sandbox's delivery", function () {
  this.timeout(300_000);
  let sandbox: SharedSandbox;
  let token: string;
  let pipeline: CodePipeline;
  let codedeploy: CodeDeploy;
  let clone: string;
  /** The commit whose release is called two. */
  let two: string;

  before(async function () {
    sandbox = await sharedSandbox(this);
    token = await tokenOf(sandbox);
    const { environment, endpoints } = sandbox.state;
    pipeline = new CodePipeline({
      ...endpoints,
      endpoint: environment["AWS_ENDPOINT_URL_CODEPIPELINE"],
    });
    codedeploy = new CodeDeploy({ ...endpoints, endpoint: environment["AWS_ENDPOINT_URL_CODEDEPLOY"] });
    clone = path.join(sandbox.paths.run, "source");
    git("clone", "--quiet", path.join(root, sandbox.state.source!.folder), clone);
  });
  after(() => {
    pipeline?.destroy();
    codedeploy?.destroy();
    if (clone) fs.rmSync(clone, { recursive: true, force: true, maxRetries: 5 });
  });

  const git = (...args: string[]) =>
    execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

  /** Commits a change of a file and pushes it. Answers the commit. */
  const push = (file: string, from: string | RegExp, to: string): string => {
    const at = path.join(clone, file);
    const text = fs.readFileSync(at, "utf8");
    assert.notEqual(text.replace(from, to), text);
    fs.writeFileSync(at, text.replace(from, to));
    const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
    git("-C", clone, ...author, "commit", "--quiet", "--all", "--message", `Change ${file}`);
    git("-C", clone, "push", "--quiet", "origin", `HEAD:${sandbox.state.source!.branch}`);
    return git("-C", clone, "rev-parse", "HEAD");
  };
  const titled = (release: string) => push("webapp/pages/layout.ts", /<html lang="en".*>/, `<html lang="en" data-release="${release}">`); // prettier-ignore

  const api = async (method: string, route: string, body?: object): Promise<Answer> => {
    const response = await fetch(`${sandbox.state.outputs["deliveryUrl"]}${route}`, {
      method,
      headers: { Authorization: token, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };
  const start = async (): Promise<string> => {
    const { status, body } = await until("The start of an execution", () => api("POST", "/startpipeline"), {
      wanted: (one) => one.status !== 409, // for some seconds after the one before it
      everyMs: 1_000,
    });
    assert.equal(status, 202, JSON.stringify(body));
    return body.executionId;
  };
  const ended = (pipelineExecutionId: string) =>
    until(
      "The execution's end",
      async () => {
        const { pipelines = [] } = await pipeline.listPipelines({});
        const pipelineName = pipelines[0]!.name;
        const answer = await pipeline.getPipelineExecution({ pipelineName, pipelineExecutionId });
        return answer.pipelineExecution!.status;
      },
      { wanted: (status) => !["InProgress", "Stopping"].includes(status!), seconds: 240, everyMs: 500 },
    );
  const live = async () => (await (await fetch(`${sandbox.state.page}/sandbox/state.json`)).json()) as Live;
  /** What each web server's own page says. */
  const releases = async () => {
    const servers = (await live()).servers.filter(({ role, alive }) => role === "web" && alive);
    const pages = servers.map(async ({ port }) => {
      const answer = await fetch(`http://127.0.0.1:${port}/login`).catch(() => undefined);
      return answer ? (/data-release="(\w+)"/.exec(await answer.text())?.[1] ?? "none") : "nobody answers";
    });
    return Promise.all(pages);
  };
  const isEverywhere = (release: string) =>
    until("The release on every server", releases, {
      wanted: (found) => found.length >= 2 && found.every((one) => one === release),
      seconds: 90,
      everyMs: 500,
    });
  const visiting = (work: () => Promise<unknown>) => visitingWhile(`${sandbox.state.url}/login`, work);
  const mails = async (words: RegExp) => (await live()).mails.filter(({ text }) => words.test(text));

  it("brings a pushed commit to every server, reports its progress, and fails no request meanwhile", async () => {
    const commit = titled("one");
    const { asked, failed } = await visiting(async () => {
      const execution = await start();
      assert.deepEqual((await api("POST", "/startpipeline")).status, 409);
      const seen = await until(
        "The start of the build",
        async () => (await live()).pipelines[0]!.stages.find(({ name }) => name === "Build")!.actions[0]!,
        { wanted: ({ status, log }) => status === "InProgress" && log !== undefined },
      );
      assert.equal(await ended(execution), "Succeeded", JSON.stringify((await api("GET", "/pipeline")).body));
      const log = await (await fetch(sandbox.state.page + seen.log)).text();
      assert.match(log, new RegExp(`Commit ${commit} is \\S+@sha256:`));
      await isEverywhere("one");
    });
    assert.deepEqual([failed, asked > 20], [[], true]);
    const { stages, releases: written } = (await api("GET", "/pipeline")).body;
    assert.deepEqual(
      stages.map(({ stage, status }: Record<string, string>) => `${stage} ${status}`),
      ["Source Succeeded", "Build Succeeded", "Release Succeeded"],
    );
    const [latest] = await until(
      "The release's deployment time",
      async () => (await api("GET", "/pipeline")).body.releases,
      {
        wanted: ([one]) => one.deployedAt !== undefined,
      },
    );
    assert.deepEqual([written.length, latest.commit], [1, commit]);
    const actions = some(
      (await live()).pipelines.flatMap((one) => one.stages.flatMap((stage) => stage.actions)),
    );
    const deploy = actions.find(({ name }) => name === "Deploy")!;
    const log = await (await fetch(sandbox.state.page + deploy.log)).text();
    for (const server of some((await live()).servers.filter(({ role }) => role === "web")))
      assert.match(log, new RegExp(`${server.id} BlockTraffic[^]*${server.id} ApplicationStart[^]*${server.id} AllowTraffic`)); // prettier-ignore
  });

  it("keeps the previous release on every server when a new one never gets healthy, and sends mails", async function () {
    leftToAll(this);
    const words = [/deployment to the web servers has failed/, /run of the delivery pipeline has failed/];
    const counts = async () => (await Promise.all(words.map(mails))).map(({ length }) => length);
    const before = await counts();
    push("webapp/routes/health.ts", 'return { status: "ok" };', 'throw new Refusal(503, "never");');
    const { failed } = await visiting(async () => {
      assert.equal(await ended(await start()), "Failed");
      await isEverywhere("one");
    });
    assert.deepEqual(failed, []);
    const { stages } = (await api("GET", "/pipeline")).body;
    const [, deploy] = stages.at(-1).actions;
    assert.match(
      deploy.message,
      /^Deployment d-\w+ has failed: i-\w+ ValidateService: hooks\/validate.sh ended with 1$/,
    );
    await until("The alarms' mails", async () =>
      (await counts()).every((count, index) => count > before[index]!),
    );
    git("-C", clone, "revert", "--no-commit", "HEAD");
  });

  it("goes back to an earlier release", async function () {
    leftToAll(this);
    two = titled("two");
    assert.equal(await ended(await start()), "Succeeded");
    await isEverywhere("two");
    const refused = await api("POST", "/rollback", { release: "nothing" });
    assert.deepEqual([refused.status, refused.body.message], [404, "No release nothing ever ran."]);
    const back = await until("The rollback", () => api("POST", "/rollback", {}), {
      wanted: ({ status }) => status === 202,
    });
    assert.match(back.body.deploymentId, /^d-/);
    assert.equal((await api("POST", "/rollback", {})).status, 409);
    await isEverywhere("one");
  });

  it("starts on a push if the pipeline is set to, and waits for an approval on the page if it requires one", async function () {
    leftToAll(this);
    const { pipelines = [] } = await pipeline.listPipelines({});
    const name = pipelines[0]!.name!;
    const { pipeline: declared } = await pipeline.getPipeline({ name });
    const [first, ...rest] = declared!.stages!;
    const source = first!.actions![0]!;
    const configuration = { ...source.configuration, DetectChanges: "true" };
    const approval = {
      name: "Approve",
      actions: [
        {
          name: "Approve",
          actionTypeId: { category: "Approval", owner: "AWS", provider: "Manual", version: "1" },
          configuration: { CustomData: "Release commit #{Source.CommitId}?" },
        },
      ],
    } as (typeof rest)[number];
    const asks = [{ ...first!, actions: [{ ...source, configuration }] }, approval, ...rest];
    await pipeline.updatePipeline({ pipeline: { ...declared!, stages: asks } });
    try {
      const commit = titled("three");
      const waiting = await until(
        "The request for approval",
        async () => (await live()).pipelines[0]!.stages.find((stage) => stage.name === "Approve")?.actions[0],
        { wanted: (one) => one?.approval !== undefined },
      );
      assert.equal(waiting?.words, `Release commit ${commit}?`);
      const decide = (headers: Record<string, string>) =>
        fetch(`${sandbox.state.page}/sandbox/approval`, {
          method: "POST",
          headers,
          body: new URLSearchParams({ token: waiting!.approval!, verdict: "reject" }),
        });
      assert.equal((await decide({})).status, 403);
      assert.equal((await decide({ origin: "http://elsewhere.example" })).status, 403);
      assert.equal((await decide({ origin: sandbox.state.page })).status, 204);
      assert.equal((await decide({ origin: sandbox.state.page })).status, 409);
      const { pipelineExecutionSummaries: all = [] } = await pipeline.listPipelineExecutions({
        pipelineName: name,
      });
      assert.equal(all[0]!.trigger!.triggerType, "Webhook");
      assert.equal(await ended(all[0]!.pipelineExecutionId!), "Failed");
      assert.deepEqual(new Set(await releases()), new Set(["one"]));
    } finally {
      await pipeline.updatePipeline({ pipeline: declared! });
    }
  });

  describe("to a second group of servers, if the deployment group is set to,", () => {
    const names = () => ({ applicationName: declared.applicationName!, deploymentGroupName: declared.deploymentGroupName! }); // prettier-ignore
    let declared: DeploymentGroupInfo;
    let old: string;

    before(async function () {
      leftToAll(this);
      const [applicationName] = (await codedeploy.listApplications({})).applications!;
      const [deploymentGroupName] = (await codedeploy.listDeploymentGroups({ applicationName }))
        .deploymentGroups!;
      const group = { applicationName, deploymentGroupName };
      declared = (await codedeploy.getDeploymentGroup(group)).deploymentGroupInfo!;
      old = declared.autoScalingGroups![0]!.name!;
      await allowSecondGroup(sandbox, declared);
      await toSecondGroup(codedeploy, declared, 10);
    });
    after(async () => {
      if (!declared) return;
      await toOneGroup(codedeploy, declared);
      await forbidSecondGroup(sandbox, declared);
    });

    const groupsOf = async () => {
      const autoscaling = await sandbox.use("autoscaling");
      const { AutoScalingGroups: all = [] } = await autoscaling.describeAutoScalingGroups({});
      return all
        .map((one) => one.AutoScalingGroupName!)
        .filter((one) => one === old || /^CodeDeploy_/.test(one));
    };
    const deployment = async (deploymentId: string) =>
      (await codedeploy.getDeployment({ deploymentId })).deploymentInfo!;
    const over = (id: string) =>
      until("The deployment's end", async () => (await deployment(id)).status!, {
        wanted: (status) => ["Succeeded", "Failed", "Stopped"].includes(status),
        seconds: 180,
        everyMs: 500,
      });
    const served = async () =>
      /data-release="(\w+)"/.exec(await (await fetch(`${sandbox.state.url}/login`)).text())?.[1];

    it("sends visitors to the new servers, keeps the old ones for the declared wait, and sends visitors back when stopped then", async () => {
      const { failed } = await visiting(async () => {
        const { status, body } = await until(
          "The start of the deployment",
          () => api("POST", "/rollback", { release: two }),
          {
            wanted: (one) => one.status !== 409,
            everyMs: 500,
          },
        );
        assert.equal(status, 202, JSON.stringify(body));
        const id = body.deploymentId as string;
        await until(
          "The start of the wait",
          async () => (await deployment(id)).instanceTerminationWaitTimeStarted,
          {
            seconds: 120,
            everyMs: 250,
          },
        );
        const fresh = `CodeDeploy_${names().deploymentGroupName}_${id}`;
        assert.deepEqual(new Set(await groupsOf()), new Set([old, fresh]));
        assert.deepEqual(await Promise.all(Array.from({ length: 6 }, served)), Array(6).fill("two"));
        assert.deepEqual((await releases()).sort(), ["one", "one", "two", "two"]);
        const { deploymentGroupInfo: now } = await codedeploy.getDeploymentGroup(names());
        assert.deepEqual(now!.autoScalingGroups!.map(({ name }) => name), [fresh]); // prettier-ignore
        await codedeploy.stopDeployment({ deploymentId: id });
        assert.equal(await over(id), "Stopped");
        assert.deepEqual(await groupsOf(), [old]);
        await isEverywhere("one");
        assert.equal(await served(), "one");
      });
      assert.deepEqual(failed, []);
    });

    it("deletes new servers that never get healthy, sends a mail, and sends no visitor there", async () => {
      const mailed = async () => (await mails(/deployment to the web servers has failed/)).length;
      const before = await mailed();
      const { deployments: ids = [] } = await codedeploy.listDeployments(names());
      const all = await Promise.all(ids.map(deployment));
      const broken = all.find(({ status, creator }) => status === "Failed" && creator === "user")!;
      const { failed } = await visiting(async () => {
        const { deploymentId } = await codedeploy.createDeployment({ ...names(), revision: broken.revision });
        assert.equal(await over(deploymentId!), "Failed");
        const { errorInformation, rollbackInfo } = await deployment(deploymentId!);
        assert.match(errorInformation!.message!, /^i-\w+ ValidateService: hooks\/validate.sh ended with 1$/);
        assert.equal(rollbackInfo, undefined);
        assert.deepEqual(await groupsOf(), [old]);
      });
      assert.deepEqual(failed, []);
      await isEverywhere("one");
      await until("The alarm's mail", async () => (await mailed()) > before);
    });
  });
});
