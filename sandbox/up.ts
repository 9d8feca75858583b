import * as fs from "node:fs";
import { ACCOUNT } from "./emulators/endpoints";
import { endpointsIn } from "./emulators/emulators";
import { installEmulators } from "./emulators/install";
import type { Deployment } from "./engine";
import { clientsOf, rootClientsOfBoth } from "./engine/clients";
import { Configuration, readConfiguration } from "./engine/config";
import { Failures } from "./failures/failures";
import { Timeline } from "./failures/timeline";
import { Fleet } from "./fleet/fleet";
import { findDocker } from "./docker/daemon";
import { Docker } from "./docker/docker";
import { forgetDatabase } from "./database-files";
import { Starters } from "./builds/starters";
import { Calls } from "./calls/calls";
import { Delivery } from "./delivery/delivery";
import { Mailbox } from "./mail";
import { Page } from "./page/page";
import { ProjectTargets } from "./sites/targets";
import { removeTemporary } from "./nodes/installation";
import { readyPeople, readySender } from "./people";
import { Paths } from "./paths";
import { freePort, requirePort } from "./ports";
import { messageOf, Problem } from "./problem";
import { CONSOLE, OUTPUTS, settingOf } from "./program";
import { endLeftovers, makePrivate, Processes, runningSandbox } from "./processes";
import { startProjects } from "./projects";
import { startStack } from "./stack";
import { State, writeState } from "./state";
import { type Keep, stopAll } from "./stopping";
import { Traces } from "./traces/traces";
import { Watch } from "./watch/watch";

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
  const { paths, stack, progress, note } = options;
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
  const toStop: (() => unknown)[] = [];
  const keep: Keep = (part) => {
    toStop.push(() => part.stop());
    return part;
  };
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
    const { packages } = python;
    const projects = await startProjects({ both, endpoints, paths, processes, docker, packages, note }, keep);
    const { builds, images, servers, network } = projects;
    const delivery = keep(new Delivery({ endpoints, paths, builds, images, note }));
    const environment = await delivery.start();
    const calls = keep(new Calls(endpoints, note));
    const traces = isTraced(configuration) ? keep(new Traces(note)) : undefined;
    await traces?.start();
    const { emulators, use, engine, deployment, webapp, standIn } = await startStack(
      {
        ...{ ...options, configuration, python, endpoints, processes },
        served: {
          site: `127.0.0.1:${port}`,
          projects: String(projects.port),
          starters: projects.repositories,
        },
        environment,
        calls: await calls.start(),
        settings: {
          AWS_ENDPOINT_URL_CLOUDFORMATION: projects.cloudformation,
          PROBE_BASE: `http://127.0.0.1:${projects.port}`,
          AWS_ENDPOINT_URL_CODEBUILD: projects.codebuild,
          // Of the functions, only the provisioner's ask, for the targets of a project's stack there.
          AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoints.ministack,
          ...(traces && { GROUNDWORK_SEGMENTS: traces.segments, AWS_XRAY_DAEMON_ADDRESS: traces.daemon }),
        },
      },
      keep,
    );

    const timeline: Timeline = new Timeline(() => fleet.traffic());
    const fleet: Fleet = keep(
      new Fleet({
        ...{ ...options, port, emulators, processes, webapp, network, servers, timeline },
        uncached: options.watch,
        targets: new ProjectTargets(both.ministack, servers),
        codebuild: clientsOf({ ...endpoints, endpoint: projects.codebuild }),
        launched: (id, group) => delivery.deployments.launched(id, group),
        standIn,
        traces: traces?.agent,
      }),
    );
    await fleet.start();
    delivery.serve(fleet);
    await readySender(use, configuration);
    const mailbox = new Mailbox(use, endpoints, note);
    await mailbox.start();
    keep(mailbox);

    const url = fleet.addresses[0]?.url ?? "";
    const state: State = {
      stack,
      url,
      projects: deployment.outputs[OUTPUTS.provisioner] ? `${url}${CONSOLE}` : undefined,
      starters: { address: projects.repositories, names: Starters.names() },
      docker: "engine" in found ? { version: found.version } : found,
      source: delivery.source,
      page: "",
      traces: traces?.url,
      account: ACCOUNT,
      endpoints,
      environment: emulators.environment,
      outputs: deployment.outputs,
      resources: deployment.resources,
      addresses: fleet.addresses,
      people: await readyPeople(use, idsOf(deployment, "aws:cognito/userPool:UserPool")),
      seconds: 0,
    };
    const shown = { ...options, fleet, timeline, standIn: standIn?.started };
    const failures = keep(new Failures({ ...shown, endpoints }));
    const page = new Page({ ...shown, state, delivery, mailbox, failures, calls, use });
    state.page = delivery.page = await page.start();
    keep(page);
    state.seconds = (performance.now() - began) / 1000;
    writeState(paths, state);
    if (options.watch) keep(new Watch({ state, paths, engine, fleet, say: note })).start();
    return { state, mailbox, stop };
  } catch (error) {
    await stop().catch((other: unknown) => note(`What could not be taken down: ${messageOf(other)}`));
    throw error;
  }
}

/** Whether the program has requests traced. */
const isTraced = ({ values }: Configuration): boolean =>
  (settingOf("operations", values)?.tracedPercent ?? 0) > 0;

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
