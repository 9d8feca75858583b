// The provisioner without AWS: its real records on a table in memory, and stand-ins that remember what was asked of them.
import { answerRequest } from "../../../functions/provisioner/api";
import { ApiSettings } from "../../../functions/provisioner/context";
import { DropPorts, takeDroppedFiles } from "../../../functions/provisioner/dropped-file";
import {
  BuildState,
  CommitStatus,
  Mail,
  Settings,
  StackRequest,
  StackState,
  StageEvent,
  StepPorts,
  Target,
  ReconcilePorts,
} from "../../../functions/provisioner/ports";
import { Project, Result, Secrets, StageName } from "../../../functions/provisioner/project";
import type { PushPorts, PushSettings } from "../../../functions/provisioner/build-push";
import { OPERATIONS } from "../../../functions/provisioner/operations";
import { answerReading, ReadingPorts } from "../../../functions/provisioner/reading";
import { answerPush } from "../../../functions/provisioner/pushes";
import { Values } from "../../../functions/provisioner/values";
import { runStep } from "../../../functions/provisioner/steps";
import { look, reconcile, ReconcileEvent } from "../../../functions/provisioner/reconcile";
import { attribute, item, object } from "../../../functions/provisioner/aws/attributes";
import { apiStore } from "../../../functions/provisioner/aws/table-api";
import { stepStore } from "../../../functions/provisioner/aws/table-steps";
import { pushStore } from "../../../functions/provisioner/aws/table-pushes";
import { reconcileStore } from "../../../functions/provisioner/aws/table-reconcile";
import { claimsIn } from "../../../functions/shared/claims";
import { lookAfterDomains } from "../../../functions/provisioner/domains";
import { domainStore } from "../../../functions/provisioner/aws/table-domains";
import { acmInMemory } from "./acm-in-memory";
import { DynamoInMemory } from "./dynamo-in-memory";
import { logsInMemory } from "./logs-in-memory";
import { ADMIN, Asked, MEMBER, Person, requestOf } from "./people";
import { nothingSeen } from "./seen";
import { SETTINGS } from "./settings";

export const DAY = 24 * 60 * 60 * 1000;
export const HOUR = 60 * 60 * 1000;
/** Far ahead, since tickets end by the host's own clock. */
export const START = Date.parse("2100-03-01T08:00:00.000Z");
export const time = (milliseconds: number) => new Date(START + milliseconds).toISOString();

type WorldSettings = Settings & ApiSettings & PushSettings;
export type World = ReturnType<typeof world>;

export function world(more: Partial<WorldSettings> = {}) {
  const settings: WorldSettings = {
    ...SETTINGS,
    adminGroup: "admin",
    totpForProd: true,
    automatic: ["dev"],
    reserved: ["www"],
    zones: ["example.org"],
    capacity: { sites: 100, balancers: 49, databases: 39, domains: 9 },
    repositories: [],
    starters: "",
    previewLimit: 3,
    ...more,
  };
  const dynamo = new DynamoInMemory("projects");
  const table = { client: dynamo.client, TableName: "projects" };
  const clock = { ms: START };
  const seen = nothingSeen();
  const names = new Map<string, Target>();
  /** Names of others in the same zone. */
  const foreign = new Set<string>();
  const takenBy = (host: string) => (foreign.has(host) ? `The name ${host} is taken.` : undefined);
  const stacks = new Map<string, StackState>();
  const secrets = new Map<string, object>();
  let kept = 0;
  const files = new Map<string, string>();
  const addresses = new Map<string, string>();
  const aws = {
    admins: [ADMIN.email, "second@example.org"],
    createAnswer: undefined as { refused: string } | undefined,
    updateAnswer: "started" as "started" | "unchanged" | { refused: string },
    mailReaches: true,
    mailAnswer: undefined as { refused: string } | undefined,
    execution: "running" as "running" | "ended" | "absent",
    build: { status: "running", reason: "" } as BuildState,
    buildsAreFull: false,
    /** What is wrong with what is asked at its address, if anything. */
    problem: undefined as string | undefined,
    healthy: true,
    /** What servers fetch, and what is kept besides. */
    image: undefined as string | undefined,
    images: [] as string[],
    replacing: "running" as "running" | "done" | "failed",
    totp: false,
    /** How many events of a log CloudWatch tells at once. */
    linesAtOnce: 500,
    /** Whom the user pool knows, with a quota in cents. */
    people: new Map([[MEMBER.sub, { unit: MEMBER.unit!, quotaCents: Number(MEMBER.quota) * 100 }]]),
    /** What breaks, by the port's name. */
    broken: new Set<string>(),
  };
  const may = (port: string) => {
    if (aws.broken.has(port)) throw new Error(`${port} is broken`);
  };
  const port =
    <A extends unknown[], R>(name: string, work: (...all: A) => R) =>
    async (...all: A): Promise<R> => {
      await Promise.resolve();
      may(name);
      return work(...all);
    };

  const common = {
    publish: port("publish", (event: StageEvent) => void seen.events.push(event)),
    answer: port("answer", (token: string, result: Result) => void seen.answers.push([token, result])),
    fail: port("fail", (token: string, reason: string) => void seen.fails.push([token, reason])),
    mail: port("mail", (mail: Mail) => {
      if (!aws.mailAnswer) seen.mails.push(mail);
      return aws.mailAnswer;
    }),
    now: () => new Date(clock.ms),
    start: port("start", (name: string, input: object) => void seen.starts.push([name, input])),
    removeSecret: port("removeSecret", (arn: string) => void secrets.delete(arn)),
    probe: port("probe", (url: string, at: string) => {
      seen.probes.push([url, at]);
      return aws.problem;
    }),
    healthy: port("healthy", (group: string) => {
      seen.healths.push(group);
      return aws.healthy;
    }),
    addressOf: port("addressOf", (group: string) => addresses.get(group)),
    admins: port("admins", () => aws.admins),
    names: {
      taken: port("taken", takenBy),
      point: port("point", (host: string, _owner: string, target: Target) => {
        const refused = takenBy(host);
        if (refused) return { refused };
        names.set(host, target);
        return undefined;
      }),
      remove: port("unname", (host: string) => void names.delete(host)),
    },
    stacks: {
      create: port("create", (request: StackRequest) => {
        seen.requests.push(["create", request]);
        if (aws.createAnswer) return aws.createAnswer;
        const id = `arn:stack/${request.name}/1`;
        stacks.set(request.name, {
          id,
          status: "CREATE_IN_PROGRESS",
          outputs: {},
          updatedAt: new Date(clock.ms).toISOString(),
        });
        return { id };
      }),
      update: port("update", (request: StackRequest) => {
        seen.requests.push(["update", request]);
        return aws.updateAnswer;
      }),
      read: port("read", (name: string) => stacks.get(name)),
      remove: port("remove", (name: string) => {
        seen.removed.push(name);
        const stack = stacks.get(name);
        if (stack) stack.status = "DELETE_IN_PROGRESS";
        return stack ? ("started" as const) : ("gone" as const);
      }),
      problem: port("problem", (name: string) => `${name} broke`),
      checkDrift: port("checkDrift", (name: string) => void seen.drift.push(name)),
    },
    builds: {
      start: port("build", (project: string, onceKey: string, told: Record<string, string>) => {
        seen.told.push(told);
        if (aws.buildsAreFull) return "full" as const;
        return { id: `build-${seen.builds.push([project, onceKey])}`, logUrl: "https://log" };
      }),
      stop: port("stop", (id: string) => void seen.stopped.push(id)),
    },
  };
  const stepPorts: StepPorts = {
    releases: {
      current: port("current", () => aws.image),
      keep: port("keep", (_images: string, digests: string[]) => digests),
      restore: port("restore", (images: string, digest: string, group: string) => {
        seen.restored.push([images, digest, group]);
        if (!aws.images.includes(digest)) return "gone" as const;
        aws.image = digest;
        return "started" as const;
      }),
    },
    ...common,
    store: stepStore(table),
    showCommit: port(
      "showCommit",
      (secretArn: string, status: CommitStatus) => void seen.commits.push([secretArn, status]),
    ),
    empty: port("empty", (bucket: string) => void seen.emptied.push(bucket)),
  };
  const reconcilePorts: ReconcilePorts = {
    ...common,
    store: reconcileStore(table),
    buildState: port("buildState", () => aws.build),
    replacing: port("replacing", () => aws.replacing),
    logTail: port("logTail", (stack: string, stream: string) => {
      seen.tails.push([stack, stream]);
      return "npm ERR! missing script: build";
    }),
    execution: port("execution", () => aws.execution),
    alarm: port("alarm", (id: string) => void seen.alarms.push(id)),
  };
  const apiPorts: DropPorts = {
    ...common,
    store: apiStore(table),
    claims: claimsIn(table.client, table.TableName),
    keepValues: port("keepValues", (id: string, content: Values) => {
      const arn = `arn:values/${id}/${kept++}`;
      secrets.set(arn, content);
      return arn;
    }),
    readValues: port("readValues", (arn: string) => {
      if (!secrets.has(arn)) throw new Error(`${arn} is gone`);
      return secrets.get(arn) as Values;
    }),
    keepSecret: port("keepSecret", (id: string, content: object) => {
      const arn = `arn:secret/${id}/${kept++}`;
      secrets.set(arn, content);
      return arn;
    }),
    keepHook: port("keepHook", (id: string, secret: string) => {
      const arn = `arn:hook/${id}/${kept++}`;
      secrets.set(arn, { secret });
      return arn;
    }),
    apiUrl: port("apiUrl", () => "https://api.example.org/v1"),
    ticketForm: port("ticketForm", (ticket: string) => ({
      url: "https://drop",
      fields: { key: `requests/${ticket}.json` },
    })),
    hasTotp: port("hasTotp", () => aws.totp),
    mailReaches: port("mailReaches", () => aws.mailReaches),
    runbook: port("runbook", (name: "restart" | "patch", id: string) => {
      seen.runbooks.push([name, id]);
      return `run-${name}`;
    }),
    readFile: port("readFile", (key: string) => files.get(key)),
    removeFile: port("removeFile", (key: string) => void files.delete(key)),
  };

  const pushPorts: PushPorts = {
    ...common,
    store: pushStore(table),
    claims: apiPorts.claims,
    keepSecret: apiPorts.keepSecret,
    keepValues: apiPorts.keepValues,
    readValues: apiPorts.readValues,
    readSecrets: port("readSecrets", (arn: string) => secrets.get(arn) as Secrets),
    readHook: port("readHook", (arn: string) => (secrets.get(arn) as { secret: string }).secret),
    personOf: port("personOf", (sub: string) => aws.people.get(sub)),
    showCommit: stepPorts.showCommit,
  };

  const logs = logsInMemory(() => aws.linesAtOnce);
  const readingPorts: ReadingPorts = {
    ...{ store: apiPorts.store, apiUrl: apiPorts.apiUrl, now: common.now },
    events: port("events", logs.events),
  };
  const acm = acmInMemory(port);
  const record = (id: string) => {
    const kept = dynamo.items.get(`project#${id}`);
    return kept && object<Project & { ttl?: number; queue?: string }>(kept);
  };
  return {
    settings,
    dynamo,
    table,
    clock,
    ...{ seen, names, foreign },
    stacks,
    secrets,
    files,
    /** What was written, by the log group. */
    logs: logs.groups,
    addresses,
    acm,
    aws,
    apiPorts,
    pushPorts,
    stepPorts,
    reconcilePorts,
    record,
    /** Writes past everybody, as an accident would. */
    edit: (id: string, changes: object) => {
      const kept = dynamo.items.get(`project#${id}`)!;
      for (const [key, value] of Object.entries(changes))
        if (value === undefined) delete kept[key];
        else kept[key] = attribute(value);
    },
    /** What a unit has used; its place in the list of units aside. */
    quota: (unit: string) => {
      const { queue: _queue, due: _due, ...rest } = dynamo.items.get(`quota#${unit}`) ?? item({});
      return object<Record<string, number>>(rest);
    },
    step: (step: StageName, id: string, token?: string) => runStep(stepPorts, settings, { step, id, token }),
    reconcile: (event: ReconcileEvent) => reconcile(reconcilePorts, settings, event),
    minute: () =>
      reconcile(reconcilePorts, settings, {
        source: "aws.events",
        "detail-type": "Scheduled Event",
        detail: {},
      }),
    domains: () =>
      lookAfterDomains({ ...common, store: domainStore(table), certificates: acm.ports }, settings),
    look: (id: string) => look(reconcilePorts, settings, record(id)!),
    dropFiles: (...keys: string[]) =>
      takeDroppedFiles(apiPorts, settings, {
        Records: keys.map((key) => ({ s3: { object: { key, versionId: "v1" } } })),
      }),
    call: async (person: Person, method: string, resource: string, asked: Asked = {}) => {
      const request = requestOf(person, method, resource, asked);
      // As the gateway leads them.
      const route = OPERATIONS.find((one) => one.method === method && one.path === resource);
      const answer = route?.signed
        ? await answerPush(pushPorts, settings, request)
        : route?.reads
          ? await answerReading(readingPorts, settings, request)
          : await answerRequest(apiPorts, settings, request);
      return { status: answer.statusCode, body: JSON.parse(answer.body) };
    },
  };
}
