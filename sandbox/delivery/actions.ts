import { randomBytes, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { BuildProject, withVariables } from "../builds/project";
import { BuildRunner } from "../builds/runner";
import { ACCOUNT, Endpoints } from "../emulators/endpoints";
import { clientsOf, Use } from "../engine/clients";
import { Problem, sleep } from "../problem";
import { root } from "../paths";
import { pack, unpack } from "./archives";
import { filledIn, storeOf } from "./declaration";
import { ActionRun, Execution, Place } from "./execution";
import { SourceRepository } from "./repository";

/** CodePipeline waits a little longer before it calls a function again. */
const AGAIN_MS = 1_000;
const NPM = path.join(__dirname, "tools", "npm.cjs");

export type JobResult =
  { continuationToken?: string; summary?: string; externalId?: string } | { failed: string };

export interface ActionsOptions {
  /** MiniStack, with root's keys. */
  use: Use;
  /** moto, which keeps the program's own build projects. */
  moto: Use;
  endpoints: Endpoints;
  builds: BuildRunner;
  repository: SourceRepository;
  /** The registry's address: registry.ts. */
  registry: () => string;
  /** A deployment's output so far. */
  logOf: (deploymentId: string) => string[] | undefined;
}

/** What each kind of action does, with the rights of the role that the program gave it. */
export class Actions {
  private readonly jobs = new Map<string, (result: JobResult) => void>();
  private readonly approvals = new Map<string, (verdict: { approved: boolean; summary: string }) => void>();

  constructor(private readonly options: ActionsOptions) {}

  /** Returns the variables that later actions may use through the action's namespace. */
  async perform(run: ActionRun, execution: Execution): Promise<Record<string, string>> {
    const { category, provider } = run.action.actionTypeId ?? {};
    switch (provider) {
      case "CodeStarSourceConnection":
        return this.fetch(run, execution);
      case "CodeBuild":
        return this.build(run, execution);
      case "Lambda":
        return this.invoke(run, execution);
      case "Manual":
        return this.approve(run, execution);
      default:
        throw new Problem(
          `The sandbox carries no action ${category}/${provider}; it carries those of CodeStarSourceConnection, CodeBuild, Lambda and Manual.`,
        );
    }
  }

  /** A function's result for its job; false if there is no such job. */
  endJob(id: string, result: JobResult): boolean {
    const told = this.jobs.get(id);
    this.jobs.delete(id);
    told?.(result);
    return told !== undefined;
  }

  /** A person's decision; false if nobody waits for it. */
  decide(token: string, approved: boolean, summary: string): boolean {
    const told = this.approvals.get(token);
    this.approvals.delete(token);
    told?.({ approved, summary });
    return told !== undefined;
  }

  private async fetch(run: ActionRun, execution: Execution): Promise<Record<string, string>> {
    const { FullRepositoryId = "", BranchName = "" } = filledIn(run.action, execution.variables);
    const commit = await this.options.repository.latest(BranchName);
    if (!commit) throw new Problem(`The sandbox's repository has no branch ${BranchName}.`);
    run.externalId = commit.id;
    run.summary = commit.message.split("\n")[0];
    const use = await this.asRole(execution.pipeline.roleArn, execution.id);
    await this.leave(run, execution, await this.options.repository.zip(commit.id), use);
    return {
      CommitId: commit.id,
      CommitMessage: commit.message,
      AuthorDate: commit.authorDate,
      BranchName,
      FullRepositoryName: FullRepositoryId,
    };
  }

  private async build(run: ActionRun, execution: Execution): Promise<Record<string, string>> {
    const { ProjectName = "", EnvironmentVariables = "[]" } = filledIn(run.action, execution.variables);
    const { project, path: buildspec } = await this.projectOf(ProjectName);
    const variables = [
      { name: "CODEBUILD_INITIATOR", value: `codepipeline/${execution.pipeline.name}` },
      ...(JSON.parse(EnvironmentVariables) as { name: string; value: string }[]),
    ];
    const id = `${ProjectName}:${randomUUID()}`;
    const build = this.options.builds.begin(
      id,
      this.arn("codebuild", `build/${id}`),
      withVariables(project, variables),
      {
        endpoint: this.options.registry(),
        equip: equipWithNpm,
        handed: {
          bring: async (folder, use) => {
            for (const { name } of run.action.inputArtifacts ?? [])
              await unpack(await read(use, placeOf(execution, name!)), folder);
            const file = path.join(folder, buildspec);
            if (!fs.existsSync(file)) throw new Problem(`The source has no buildspec ${buildspec}.`);
            return fs.readFileSync(file, "utf8");
          },
          take: (folder, files, use) => this.leave(run, execution, pack(folder, files), use),
        },
      },
    );
    run.externalId = id;
    run.log = () => this.linesOf(build.logs);
    await build.done;
    if (build.status === "SUCCEEDED")
      return Object.fromEntries(build.exported.map(({ name, value }) => [name, value]));
    const wrong = build.phases.find(({ contexts }) => contexts);
    throw new Problem(
      `The build ended with ${build.status}${wrong ? ` in ${wrong.phaseType}: ${wrong.contexts![0]!.message}` : ""}.`,
    );
  }

  private async invoke(run: ActionRun, execution: Execution): Promise<Record<string, string>> {
    const configuration = filledIn(run.action, execution.variables);
    const use = await this.asRole(execution.pipeline.roleArn, execution.id);
    const lambda = await use("lambda");
    const inputArtifacts = (run.action.inputArtifacts ?? []).map(({ name }) => {
      const { bucket: bucketName, key: objectKey } = placeOf(execution, name!);
      return { name, revision: null, location: { type: "S3", s3Location: { bucketName, objectKey } } };
    });
    for (let continuationToken: string | undefined; ;) {
      const id = randomUUID();
      const data = {
        actionConfiguration: { configuration },
        inputArtifacts,
        outputArtifacts: [],
        ...(continuationToken && { continuationToken }),
      };
      const told = new Promise<JobResult>((resolve) => this.jobs.set(id, resolve));
      await lambda.invoke({
        FunctionName: configuration["FunctionName"],
        InvocationType: "Event",
        Payload: Buffer.from(JSON.stringify({ "CodePipeline.job": { id, accountId: ACCOUNT, data } })),
      });
      const result = await told;
      if ("failed" in result) throw new Problem(result.failed);
      run.summary = result.summary;
      run.externalId = result.externalId ?? run.externalId;
      const deployment = result.externalId;
      if (deployment && this.options.logOf(deployment))
        run.log = async () => this.options.logOf(deployment) ?? [];
      if (!result.continuationToken) return {};
      ({ continuationToken } = result);
      await sleep(AGAIN_MS);
    }
  }

  private async approve(run: ActionRun, execution: Execution): Promise<Record<string, string>> {
    run.summary = filledIn(run.action, execution.variables)["CustomData"];
    run.token = randomUUID();
    const { approved, summary } = await new Promise<{ approved: boolean; summary: string }>((resolve) =>
      this.approvals.set(run.token!, resolve),
    );
    run.token = undefined;
    run.summary = summary;
    if (!approved) throw new Problem(`It was rejected: ${summary || "no reason given"}`);
    return {};
  }

  private async projectOf(name: string): Promise<{ project: BuildProject; path: string }> {
    const codebuild = await this.options.moto("codebuild");
    const { projects } = await codebuild.batchGetProjects({ names: [name] });
    const found = projects?.[0];
    if (!found?.source?.buildspec) throw new Problem(`There is no build project ${name} with a buildspec.`);
    const project: BuildProject = {
      name,
      role: found.serviceRole!,
      buildspec: "",
      variables: (found.environment?.environmentVariables ?? []).map((one) => ({
        name: one.name!,
        value: one.value ?? "",
        type: one.type ?? "PLAINTEXT",
      })),
      timeoutMinutes: found.timeoutInMinutes ?? 60,
      logGroup: found.logsConfig?.cloudWatchLogs?.groupName ?? `/aws/codebuild/${name}`,
    };
    return { project, path: found.source.buildspec };
  }

  /** Stores an action's output for the next ones. */
  private async leave(run: ActionRun, execution: Execution, body: Uint8Array, use: Use): Promise<void> {
    const name = run.action.outputArtifacts?.[0]?.name;
    if (!name) return;
    const { bucket, keyId } = storeOf(execution.pipeline);
    const of = execution.pipeline.name!.slice(0, 20);
    const key = `${of}/${name.slice(0, 10)}/${randomBytes(4).toString("hex")}`;
    const s3 = await use("s3");
    await s3.putObject({
      Bucket: bucket,
      Key: key,
      Body: body,
      ServerSideEncryption: keyId ? "aws:kms" : undefined,
      SSEKMSKeyId: keyId,
    });
    execution.artifacts.set(name, { bucket, key });
  }

  private async asRole(role: string | undefined, session: string): Promise<Use> {
    const { region, ministack: endpoint } = this.options.endpoints;
    return clientsOf({ region, endpoint, credentials: await this.options.builds.assume(role!, session) });
  }

  private async linesOf({
    groupName,
    streamName,
  }: {
    groupName: string;
    streamName: string;
  }): Promise<string[]> {
    const logs = await this.options.use("logs");
    const { events = [] } = await logs
      .getLogEvents({
        logGroupName: groupName,
        logStreamName: streamName,
        startFromHead: true,
        limit: 10_000,
      })
      .catch((error: Error) =>
        error.name === "ResourceNotFoundException" ? { events: [] } : Promise.reject(error),
      );
    return events.map(({ message = "" }) => message);
  }

  private arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.options.endpoints.region}:${ACCOUNT}:${resource}`;
  }
}

function placeOf(execution: Execution, artifact: string): Place {
  const place = execution.artifacts.get(artifact);
  if (!place) throw new Problem(`No action has produced the artifact ${artifact}.`);
  return place;
}

async function read(use: Use, { bucket, key }: Place): Promise<Uint8Array> {
  const s3 = await use("s3");
  const { Body } = await s3.getObject({ Bucket: bucket, Key: key });
  return Body!.transformToByteArray();
}

function equipWithNpm(bin: string): string[] {
  const source = fs.readFileSync(NPM, "utf8").replace('"CHECKOUT"', JSON.stringify(root));
  fs.writeFileSync(path.join(bin, "npm"), `#!/usr/bin/env node\n${source}`, { mode: 0o755 });
  return ["node_modules", "package.json", "package-lock.json"].map((name) => path.join(root, name));
}
