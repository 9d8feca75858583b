import * as path from "node:path";
import { Images } from "../builds/images";
import { BuildRunner } from "../builds/runner";
import { ACCOUNT, Endpoints } from "../emulators/endpoints";
import { EmulatorProxy } from "../emulator-proxy";
import { rootClients, rootClientsOfBoth } from "../engine/clients";
import { EventRules } from "../fleet/event-rules";
import { Fleet } from "../fleet/fleet";
import { Paths, root } from "../paths";
import { stopAll } from "../stopping";
import { Actions } from "./actions";
import { codeDeploy } from "./codedeploy";
import { codePipeline } from "./codepipeline";
import { Deployments, keyOf } from "./deployments";
import { jsonApi } from "./json-api";
import { branchOf, Pipelines } from "./pipelines";
import { registryProxy } from "./registry";
import { SourceRepository } from "./repository";
import { codeDeployRights, codePipelineRights, judgeBy, mayBy } from "./rights";
import { ReleaseServers } from "./servers";
import { ServiceRoles } from "./service-role";

/** A push is noticed within this time. */
const LOOK_MS = 500;

export interface DeliveryOptions {
  endpoints: Endpoints;
  paths: Paths;
  builds: BuildRunner;
  images: Images;
  note: (line: string) => void;
}

/** The program's pipelines, executed: CodePipeline, CodeDeploy and what follows from them, from a commit to the fleet's servers. */
export class Delivery {
  readonly pipelines: Pipelines;
  readonly deployments: Deployments;
  readonly actions: Actions;
  readonly repository: SourceRepository;
  private readonly servers: ReleaseServers;
  private readonly proxies: { pipeline: EmulatorProxy; deploy: EmulatorProxy; registry: EmulatorProxy };
  private registryAt = "";
  private fleet?: Fleet;
  private timer?: NodeJS.Timeout;
  /** Where the sandbox's page is. */
  page = "";

  constructor({ endpoints, paths, builds, images, note }: DeliveryOptions) {
    const use = rootClients(endpoints);
    const both = rootClientsOfBoth(endpoints);
    const { region } = endpoints;
    const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
    const rules = new EventRules(use, { region, account: ACCOUNT }, note);
    this.repository = new SourceRepository(paths);
    this.servers = new ReleaseServers(() => this.fleet!, images, paths, note);
    const arnOfGroup = (application: string, group: string) =>
      arn("codedeploy", `deploymentgroup:${application}/${group}`);
    const roles = new ServiceRoles({
      endpoints,
      may: mayBy(endpoints),
      assume: (role, session) => builds.assume(role, session),
      arnOf: arnOfGroup,
    });
    this.deployments = new Deployments({
      ...{ use, endpoints, rules, note },
      servers: this.servers,
      roleOf: (deployment) => roles.of(deployment),
      fleet: () => this.fleet!,
      arnOf: arnOfGroup,
    });
    this.actions = new Actions({
      ...{ endpoints, builds, use: both.ministack, moto: both.moto },
      repository: this.repository,
      registry: () => this.registryAt,
      logOf: (id) => this.deployments.get(id)?.lines,
    });
    const arnOf = (pipeline: string) => arn("codepipeline", pipeline);
    this.pipelines = new Pipelines({
      ...{ rules, arnOf, note },
      perform: (run, execution) => this.actions.perform(run, execution),
      prepare: (branch) => this.repository.make(branch),
      tipOf: (branch) => this.repository.tip(branch),
    });
    const logUrl = (execution: string, run: { id: string; log?: unknown }) =>
      run.log ? `${this.page}/sandbox/delivery/${execution}/${run.id}` : undefined;
    const pipelineApi = codePipeline({ pipelines: this.pipelines, actions: this.actions, arnOf, logUrl });
    const judge = judgeBy(endpoints);
    const deployRights = codeDeployRights({
      arn: (resource) => arn("codedeploy", resource),
      groupOf: (id) => this.deployments.get(id)?.names,
      configurationOf: (group) => this.deployments.groups.get(keyOf(group))?.deploymentConfigName,
    });
    const pipelines = jsonApi(pipelineApi, { rights: codePipelineRights(arnOf), judge });
    const deployApi = codeDeploy({
      deployments: this.deployments,
      roleOf: (group) => roles.ofGroup(group),
    });
    const deploys = jsonApi(deployApi, { rights: deployRights, judge });
    this.proxies = {
      pipeline: new EmulatorProxy(endpoints.moto, pipelines, note),
      deploy: new EmulatorProxy(endpoints.moto, deploys, note),
      registry: registryProxy(endpoints.ministack, note),
    };
  }

  /** Returns the variables by which an SDK finds it. */
  async start(): Promise<Record<string, string>> {
    await this.servers.start();
    this.registryAt = await this.proxies.registry.start();
    return {
      AWS_ENDPOINT_URL_CODEPIPELINE: await this.proxies.pipeline.start(),
      AWS_ENDPOINT_URL_CODEDEPLOY: await this.proxies.deploy.start(),
    };
  }

  /** Starts executions, once there are servers. */
  serve(fleet: Fleet): void {
    this.fleet = fleet;
    this.timer = setInterval(() => this.pipelines.follow(), LOOK_MS);
  }

  /** Where to push commits; undefined for a program without a pipeline. */
  get source(): { folder: string; branch: string } | undefined {
    const [name] = this.pipelines.names;
    if (name === undefined) return undefined;
    const folder = path.relative(root, this.repository.folder);
    return { folder, branch: branchOf(this.pipelines.declared(name)!) };
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.pipelines.stop();
    await stopAll([...Object.values(this.proxies).map((one) => () => one.stop()), () => this.servers.stop()]);
  }
}
