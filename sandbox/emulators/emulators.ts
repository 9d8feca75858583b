import * as fs from "node:fs";
import * as path from "node:path";
import { Paths } from "../paths";
import { freePort } from "../ports";
import { Problem, until } from "../problem";
import { Processes, Started } from "../processes";
import { ACCOUNT, awsEnvironment, closedWays, Endpoints, newCredentials, ownKey } from "./endpoints";
import { Python } from "./install";

export interface Emulators {
  endpoints: Endpoints;
  /** The variables that point any AWS SDK at them. */
  environment: Record<string, string>;
  /** Resolves when both answer. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

interface Ports {
  ministack: number;
  moto: number;
}

/** Starts both emulators, on free ports unless some are named; they answer when this returns. */
export async function startEmulators(
  python: Python,
  processes: Processes,
  paths: Paths,
  region: string,
  { ports, ...options }: LaunchOptions & { ports?: Ports } = {},
): Promise<Emulators> {
  const endpoints = await endpointsIn(region, ports);
  const emulators = await launchEmulators(python, processes, paths, endpoints, options);
  try {
    await emulators.ready;
  } catch (error) {
    await emulators.stop();
    throw error;
  }
  return emulators;
}

/** Where emulators of this region will be, and with which keys. */
export async function endpointsIn(region: string, ports?: Ports): Promise<Endpoints> {
  return {
    ministack: `http://127.0.0.1:${ports?.ministack ?? (await freePort())}`,
    moto: `http://127.0.0.1:${ports?.moto ?? (await freePort())}`,
    region,
    credentials: newCredentials(),
  };
}

export interface LaunchOptions {
  /** The site whose pages a browser may let call them. @default none */
  origins?: string[];
  /** Their names beside 127.0.0.1 and localhost, if a proxy stands before them. @default none */
  hosts?: string[];
  /** Where they report functions' calls. @default nowhere */
  calls?: string;
  /** Further variables of MiniStack's, such as endpoints that its functions use instead of other programs' ones. */
  settings?: Record<string, string>;
}

/** Starts both emulators there, without waiting until they answer. */
export async function launchEmulators(
  python: Python,
  processes: Processes,
  paths: Paths,
  endpoints: Endpoints,
  { origins = [], hosts = [], calls = "", settings = {} }: LaunchOptions = {},
): Promise<Emulators> {
  const [ministackPort, motoPort] = [endpoints.ministack, endpoints.moto].map((url) => new URL(url).port);
  const environment = awsEnvironment(endpoints);
  fs.mkdirSync(paths.temporary, { recursive: true });
  const common = {
    ...inherited(),
    ...environment,
    ...closedWays(),
    GROUNDWORK_ORIGINS: origins.join(" "),
    GROUNDWORK_HOSTS: hosts.join(" "),
    GROUNDWORK_CALLS: calls,
    PYTHONPATH: [python.packages, __dirname].join(path.delimiter),
    PYTHONUNBUFFERED: "1",
    TMPDIR: paths.temporary,
    // Only on request: an audit of the roles needs to know which permissions are used (npm run audit -- permissions).
    ...(process.env["GROUNDWORK_PERMISSIONS"] && {
      GROUNDWORK_PERMISSIONS: path.resolve(process.env["GROUNDWORK_PERMISSIONS"]),
    }),
  };

  const moto = processes.start("moto", python.interpreter, ["-m", "moto_proxy", motoPort!], {
    cwd: paths.run,
    env: { ...common, MOTO_ACCOUNT_ID: ACCOUNT, MOTO_ACM_VALIDATION_WAIT: "0", FLASK_SKIP_DOTENV: "1" },
    log: path.join(paths.logs, "moto.log"),
  });
  const ministack = processes.start(
    "ministack",
    python.interpreter,
    [
      "-m",
      "hypercorn",
      "ministack_proxy:app",
      "--workers",
      "0", // in this very process
      "--bind",
      `127.0.0.1:${ministackPort}`,
      "--keep-alive",
      "75",
      "--log-level",
      "WARNING",
    ],
    {
      cwd: paths.run,
      env: {
        ...common,
        AUTH: "true",
        IOT_MTLS_ENABLED: "0",
        SFTP_ENABLED: "0",
        GATEWAY_PORT: ministackPort,
        // A state that waits for a throttled function never learns of it: nobody is throttled.
        LAMBDA_ACCOUNT_CONCURRENCY: "200",
        // CloudFormation created what functions build and whose health they check, so it is MiniStack's as well.
        AWS_ENDPOINT_URL_CODEBUILD: endpoints.ministack,
        AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: endpoints.ministack,
        MINISTACK_ACCOUNT_ID: ACCOUNT,
        MINISTACK_REGION: endpoints.region,
        ...settings,
      },
      log: path.join(paths.logs, "ministack.log"),
    },
  );
  const started = [moto, ministack];
  const stop = () => Promise.all(started.map((one) => processes.stop(one, 1_500))).then(() => undefined);
  const ready = Promise.all([
    healthy(moto, `${endpoints.moto}/moto-api/data.json`, endpoints, paths),
    healthy(ministack, `${endpoints.ministack}/_ministack/health`, endpoints, paths),
  ]).then(() => undefined);
  ready.catch(() => {}); // whoever awaits it gets the error
  return { endpoints, environment, ready, stop };
}

/** Only what a program needs from the shell: the machine's own AWS settings must not leak in. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(PATH|LANG|LC_\w+|TZ|SYSTEMROOT)$/i.test(name)),
  );
}

async function healthy(
  { name, child }: Started,
  url: string,
  endpoints: Endpoints,
  paths: Paths,
): Promise<void> {
  const headers = ownKey(endpoints);
  await until(`The start of ${name}`, async () => {
    if (child.exitCode !== null)
      throw new Problem(
        `${name} ended at once: see ${path.join(paths.logs, `${name}.log`)}. Where files of its own are missing, remove .sandbox/python and start again.`,
      );
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    return answer?.ok;
  });
}
