import * as fs from "node:fs";
import { ACCOUNT } from "./emulators/endpoints";
import { endpointsIn, launchEmulators } from "./emulators/emulators";
import { installEmulators } from "./emulators/install";
import { warmUp } from "./emulators/warm-up";
import { Deployment } from "./engine";
import { clientsOf, rootClients, rootClientsOfBoth } from "./engine/clients";
import { Configuration, originsOf, readConfiguration, Served } from "./engine/config";
import { Engine } from "./engine/process";
import { Failures } from "./failures/failures";
import { Timeline } from "./failures/timeline";
import { Fleet } from "./fleet/fleet";
import { startPlainDatabase } from "./database";
import { findDocker } from "./docker/daemon";
import { Docker } from "./docker/docker";
import { forgetDatabase } from "./database-files";
import { BuildRunner } from "./builds/runner";
import { codebuildProxy } from "./builds/codebuild-proxy";
import { Images } from "./builds/images";
import { Starters } from "./builds/starters";
import { Calls } from "./calls/calls";
import { Delivery } from "./delivery/delivery";
import { judgeBy } from "./delivery/rights";
import { EmulatorProxy } from "./emulator-proxy";
import { Mailbox } from "./mail";
import { Page } from "./page/page";
import { ProjectDatabases } from "./sites/databases";
import { ProjectServers } from "./sites/servers";
import { runCommand } from "./sites/run-command";
import { ProjectTargets } from "./sites/targets";
import { Sites } from "./sites/sites";
import { missingTools } from "./nodes/machine";
import { removeTemporary } from "./nodes/installation";
import { readyPeople, readySender } from "./people";
import { Paths } from "./paths";
import { freePort, requirePort } from "./ports";
import { messageOf, Problem } from "./problem";
import { CONSOLE, ON_NODES, OUTPUTS, settingOf } from "./program";
import { endLeftovers, makePrivate, Processes, runningSandbox } from "./processes";
import { State, writeState } from "./state";
import { stopAll } from "./stopping";
import { MirrorNetwork } from "./mirror/network";
import { Traces } from "./traces/traces";
import { Watch } from "./watch/watch";
import { bundleWebapp } from "./webapp-bundle";

export interface UpOptions {
  stack: string;
  port: number;
  fresh?: boolean;
  /** Follows edits of the sources. @default false */
  watch?: boolean;
  /** Lets a debugger attach to the web servers. @default false */
  inspect?: boolean;
  /** Uses this machine's Docker, if it has one, for projects that need it. @default false */
  docker?: boolean;
  /** The program to run. @default index.ts */
  program?: string;
  paths: Paths;
  /** Called with the progress. */
  progress: (line: string) => void;
  /** Called with later events. */
  note: (line: string) => void;
}

export interface Sandbox {
  state: State;
  mailbox: Mailbox;
  stop(): Promise<void>;
}

/** Starts the whole stack, or nothing: the error names what failed, and everything that was started is stopped again. */
export async function up(options: UpOptions): Promise<Sandbox> {
  const { paths, stack, progress } = options;
  const began = performance.now();
  const configuration = readConfiguration(stack);
  const running = runningSandbox(paths.processes);
  if (running)
    throw new Problem(`A sandbox is running already (process ${running}): stop it there with Ctrl-C first.`);
  const left = await endLeftovers(paths.processes);
  if (left.length) progress(`Cleaned up after the last start: ended ${left.join(", ")}.`);
  const found = options.docker ? await findDocker() : { because: "turned off" };
  const docker = "engine" in found ? new Docker(found.engine, paths.run) : undefined;
  if (await docker?.clear()) progress("Cleaned up after the last start: removed what it had in Docker.");
  const port = options.port === 0 ? await freePort() : options.port;
  await requirePort(port, "choose another with --port NUMBER");
  clear(options);

  const processes = new Processes(paths.processes);
  const toStop: (() => Promise<unknown>)[] = [];
  const stop = () =>
    stopAll([
      ...toStop.splice(0).reverse(),
      () => processes.close(),
      () => removeTemporary(paths),
      ...[paths.state, paths.standing, paths.temporary].map(
        (file) => () => fs.rmSync(file, { recursive: true, force: true }),
      ),
    ]);
  try {
    const python = await installEmulators(progress);
    const endpoints = await endpointsIn(configuration.region);
    const both = rootClientsOfBoth(endpoints);
    const network = new MirrorNetwork(both);
    // CloudFormation as the functions reach it: the mirror is its only network.
    const cloudformation = new EmulatorProxy(
      endpoints.ministack,
      async (call, { pass }) => pass(await network.translate(call)),
      options.note,
    );
    toStop.push(() => cloudformation.stop());
    if (docker) toStop.push(() => docker.stop());
    const images = new Images(both.ministack, paths);
    const elsewhere: Record<string, string> = {};
    const builds = new BuildRunner({
      use: both.ministack,
      endpoints,
      paths,
      images,
      docker,
      packages: python.packages,
      elsewhere,
      note: options.note,
    });
    const codebuild = codebuildProxy(endpoints.ministack, builds, options.note);
    toStop.push(
      () => codebuild.stop(),
      () => builds.stop(),
    );
    const codebuildAt = await codebuild.start();
    const starters = new Starters(paths, options.note);
    toStop.push(() => starters.stop());
    const databases = new ProjectDatabases(processes, paths);
    toStop.push(() => databases.stop());
    const servers = new ProjectServers({
      use: both.ministack,
      images,
      databases,
      docker,
      hidden: [paths.run, ...(docker ? [docker.engine.socket] : [])],
      folder: paths.images,
      note: options.note,
    });
    toStop.push(() => servers.stop());
    const commands = new EmulatorProxy(
      endpoints.ministack,
      runCommand({ moto: both.moto, builds, images, servers, endpoints, judge: judgeBy(endpoints) }),
      options.note,
    );
    toStop.push(() => commands.stop());
    elsewhere["ssm"] = await commands.start();
    // Only the mirrors of projects' groups have machines.
    elsewhere["autoscaling describe-auto-scaling-groups"] = endpoints.moto;
    const sites = new Sites(both, servers, options.note);
    toStop.push(() => sites.stop());
    servers.sitesPort = await sites.start();
    const served = {
      site: `127.0.0.1:${port}`,
      projects: String(servers.sitesPort),
      starters: await starters.start(),
    } satisfies Served;
    const delivery = new Delivery({ endpoints, paths, builds, images, note: options.note });
    toStop.push(() => delivery.stop());
    const deliveryAt = await delivery.start();
    const calls = new Calls(endpoints, options.note);
    toStop.push(() => calls.stop());
    const traces = isTraced(configuration) ? new Traces(options.note) : undefined;
    if (traces) toStop.push(() => traces.stop());
    await traces?.start();
    const launched = await launchEmulators(python, processes, paths, endpoints, {
      origins: originsOf(`127.0.0.1:${port}`),
      calls: await calls.start(),
      settings: {
        AWS_ENDPOINT_URL_CLOUDFORMATION: await cloudformation.start(),
        PROBE_BASE: `http://127.0.0.1:${served.projects}`,
        AWS_ENDPOINT_URL_CODEBUILD: codebuildAt,
        // Of the functions, only the provisioner's ask, for the targets of a project's stack there.
        AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoints.ministack,
        ...(traces && { GROUNDWORK_SEGMENTS: traces.segments, AWS_XRAY_DAEMON_ADDRESS: traces.daemon }),
        ...deliveryAt,
      },
    });
    const emulators = { ...launched, environment: { ...launched.environment, ...deliveryAt } };
    toStop.push(() => emulators.stop());
    void emulators.ready.then(
      () => warmUp(emulators.endpoints),
      () => {}, // the start has failed with that
    );

    const bundle = bundleWebapp(paths.webapp);
    toStop.push(() => bundle.catch(() => {})); // else it writes on into what is being stopped
    const standIn = hasNodes(configuration)
      ? undefined
      : startPlainDatabase(processes, paths, emulators.endpoints);
    standIn?.catch(() => {}); // whoever awaits it gets the error
    const engine = new Engine({ ...options, served, processes, emulators });
    // Loading each takes a while, and this process has nothing else to do until the program has run.
    const use = rootClients(emulators.endpoints);
    for (const service of Fleet.services) void use(service);
    const [deployment, webapp, plain] = await Promise.all([
      engine.deployed,
      bundle,
      standIn,
      emulators.ready,
    ]);

    const timeline: Timeline = new Timeline(() => fleet.traffic());
    const fleet: Fleet = new Fleet({
      ...options,
      port,
      emulators,
      processes,
      webapp,
      uncached: options.watch,
      network,
      servers,
      targets: new ProjectTargets(both.ministack, servers),
      codebuild: clientsOf({ ...endpoints, endpoint: codebuildAt }),
      launched: (id, group) => delivery.deployments.launched(id, group),
      standIn: plain,
      timeline,
      traces: traces?.agent,
    });
    toStop.push(() => fleet.stop());
    await fleet.start();
    delivery.serve(fleet);
    await readySender(use, configuration);
    const mailbox = new Mailbox(use, emulators.endpoints, options.note);
    await mailbox.start();
    toStop.push(() => mailbox.stop());

    const url = fleet.addresses[0]?.url ?? "";
    const state: State = {
      stack,
      url,
      projects: deployment.outputs[OUTPUTS.provisioner] ? `${url}${CONSOLE}` : undefined,
      starters: { address: served.starters, names: Starters.names() },
      docker: "engine" in found ? { version: found.version } : found,
      source: delivery.source,
      page: "",
      traces: traces?.url,
      account: ACCOUNT,
      endpoints: emulators.endpoints,
      environment: emulators.environment,
      outputs: deployment.outputs,
      resources: deployment.resources,
      addresses: fleet.addresses,
      people: await readyPeople(use, idsOf(deployment, "aws:cognito/userPool:UserPool")),
      seconds: 0,
    };
    const standing = plain?.started;
    const failures = new Failures({ ...options, fleet, endpoints, timeline, standIn: standing });
    toStop.push(async () => failures.stop());
    const page = new Page({
      ...options,
      state,
      fleet,
      delivery,
      mailbox,
      failures,
      timeline,
      calls,
      use,
      standIn: standing,
    });
    state.page = delivery.page = await page.start();
    toStop.push(() => page.stop());
    state.seconds = (performance.now() - began) / 1000;
    writeState(paths, state);
    if (options.watch) {
      const watch = new Watch({ state, paths, engine, fleet, say: options.note });
      watch.start();
      toStop.push(() => watch.stop());
    }
    return { state, mailbox, stop };
  } catch (error) {
    await stop().catch((other: unknown) => options.note(`What could not be taken down: ${messageOf(other)}`));
    throw error;
  }
}

/** Whether the program has requests traced. */
const isTraced = ({ values }: Configuration): boolean =>
  (settingOf("operations", values)?.tracedPercent ?? 0) > 0;

/** Whether the program runs its database on its own nodes, and this machine has what they need. */
function hasNodes({ values }: Configuration): boolean {
  return settingOf("database", values)?.engine === ON_NODES && missingTools().length === 0;
}

/** Everything of the last run except the database, which is kept between starts. */
function clear({ paths, fresh }: UpOptions): void {
  makePrivate(paths.run);
  removeTemporary(paths);
  for (const one of [
    paths.state,
    paths.standing,
    paths.logs,
    paths.temporary,
    paths.webapp,
    paths.nodes,
    paths.servers,
    paths.builds,
    paths.images,
    paths.repositories,
  ])
    fs.rmSync(one, { recursive: true, force: true });
  if (fresh) forgetDatabase(paths);
  fs.mkdirSync(paths.logs, { recursive: true, mode: 0o700 });
}

const idsOf = ({ resources }: Deployment, type: string) =>
  resources.filter((one) => one.type === type).map(({ id }) => id);
