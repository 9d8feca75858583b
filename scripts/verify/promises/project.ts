import { randomBytes } from "node:crypto";
import { CloudFormation } from "@aws-sdk/client-cloudformation";
import { ask } from "../ask";
import { Broken, Context, expectStatus, needs, Promised } from "../promised";
import type { Stage } from "../stage";

interface Project {
  id: string;
  name: string;
  state: string;
  moving: boolean;
  over: boolean;
  url?: string;
  failure?: { reason?: string };
}

/** The provisioner's API for the signed-in person. */
function projectsOf({ stage, token }: Pick<Context, "stage" | "token">) {
  const at = async (path: string, method = "GET", body?: unknown, headers?: Record<string, string>) =>
    ask(stage.outputs["provisionerUrl"] + path, { method, authorization: await token(), body, headers });
  return {
    async request(wish: { name: string; [field: string]: string | undefined }): Promise<string> {
      const answer = await at("/projects", "POST", wish, { "idempotency-key": `verify-${wish.name}` });
      return (expectStatus("POST /projects", answer, 202).json as { id: string }).id;
    },
    async get(id: string): Promise<Project> {
      return expectStatus(`GET /projects/${id}`, await at(`/projects/${id}`), 200).json as Project;
    },
    async named(name: string): Promise<Project | undefined> {
      const { json } = expectStatus("GET /projects", await at("/projects"), 200);
      return (json.projects as Project[]).find((one) => one.name === name && !one.over);
    },
    async remove(id: string): Promise<void> {
      expectStatus(`DELETE /projects/${id}`, await at(`/projects/${id}`, "DELETE"), 202);
    },
  };
}

/** A project's CloudFormation stacks: their names end with its id. */
async function stacksOf({ region }: Stage, id: string): Promise<string[]> {
  const cloudformation = new CloudFormation({ region });
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await cloudformation.describeStacks({ NextToken });
    names.push(...(page.Stacks ?? []).map(({ StackName }) => StackName!));
    NextToken = page.NextToken;
  } while (NextToken);
  return names.filter((name) => name.includes(`-${id}`));
}

const GONE_SECONDS = 1_800;

/** Ends when the project is over. Repeats the request until it is accepted. */
async function takeDown(context: Context, name: string, until: Context["until"]): Promise<void> {
  const projects = projectsOf(context);
  const project = await projects.named(name);
  if (!project) return;
  if (project.state !== "deleting") await projects.remove(project.id);
  await until("The end of the project", GONE_SECONDS, async () => {
    const { state, over, moving, failure } = await projects.get(project.id);
    if (state === "needs-attention" && !moving) throw new Broken(`it needs attention: ${failure?.reason}`);
    return over;
  });
}

interface Kind extends Pick<Promised, "name" | "by" | "takes" | "usd"> {
  wish: { type: string; stack: string };
  repository: (stage: Stage) => string | undefined;
  /** The option that names it. */
  option: string;
}

const projectOf = ({ wish, repository, option, ...kind }: Kind): Promised => ({
  ...kind,
  expected:
    "a requested project answers 200 at its address; once deleted, it answers no more, and CloudFormation has no stack of it",
  missing: (stage) =>
    needs("provisionerUrl", "userPoolId")(stage) ??
    (repository(stage) ? undefined : `${option} names no repository to build it from`),
  async run(context) {
    const { stage, made, until, say } = context;
    const projects = projectsOf(context);
    const name = `verify-${randomBytes(3).toString("hex")}`;
    made.add({
      what: `the project ${name}`,
      // With its own wait: the run's ends when the run is interrupted.
      remove: () => takeDown(context, name, context.untilGone),
      there: async () => (await projects.named(name)) !== undefined,
    });
    const begin = performance.now();
    const whose = { repository: repository(stage), email: stage.email };
    const id = await projects.request({ name, environment: "dev", ...wish, ...whose });
    let last = "";
    const ready = await until("The project's readiness", 1_800, async () => {
      const now = await projects.get(id);
      if (now.state !== last) say(`${name} is ${(last = now.state)}`);
      if (now.state === "ready") return now;
      if (!now.moving)
        throw new Broken(`the project is ${now.state}: ${now.failure?.reason ?? "no reason given"}`);
      return undefined;
    });
    const { url } = ready;
    if (!url) throw new Broken("the project is ready, but has no address");
    expectStatus(url, await ask(url), 200);
    const seconds = (performance.now() - begin) / 1000;
    const stacks = await stacksOf(stage, id);
    if (stacks.length === 0) throw new Broken("the project is ready, but CloudFormation has no stack for it");

    await takeDown(context, name, until);
    await until("The end of its stacks", 60, async () => (await stacksOf(stage, id)).length === 0);
    const after = await ask(url).catch(() => undefined);
    if (after?.status === 200) throw new Broken(`${url} still answers 200 after the project was deleted`);
    return `200 at its address after ${seconds.toFixed(1)} s; deleted, it answers ${after?.status ?? "no more"}, and its stack is gone`;
  },
});

export const staticProject = projectOf({
  name: "a static project is created and deleted",
  wish: { type: "static", stack: "html" },
  repository: ({ repository }) => repository,
  option: "--repository",
  takes: { sandbox: 20, AWS: 1_500 },
  // Three minutes of a small build, and one hour of a site that costs a dollar a month by its list price.
  usd: 0.02,
});

export const serverProject = projectOf({
  name: "a project with a server is created and deleted",
  by: "slow",
  wish: { type: "realtime", stack: "node" },
  repository: ({ serverRepository }) => serverRepository,
  option: "--server-repository",
  takes: { sandbox: 30, AWS: 2_100 },
  // A build, a load balancer and a machine for an hour.
  usd: 0.1,
});
