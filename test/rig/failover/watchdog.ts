import { setTimeout as sleep } from "node:timers/promises";
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { FailoverWatchdog } from "../../../components/database/failover-watchdog";
import type { FailoverResult } from "../../../functions/database/failover";
import { deploy } from "../../../sandbox/engine";
import { virtualIp } from "./net";

export interface WatchdogTarget {
  region: string;
  endpoint: string;
  environment: Record<string, string>;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Where the function finds EC2. */
  ec2Endpoint: string;
  table: string;
  tableArn: string;
  routeTable: string;
  vpc: string;
}

/** On AWS it runs every minute; here that often, so that it gets in the way of every fault. */
const everyMs = 2000;

/** The failover function as its component makes it, zip, role and all, on the emulator's Lambda, run again and again. */
export class Watchdog {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  private name = "";
  readonly results: FailoverResult[] = [];
  readonly failures: string[] = [];
  private readonly lambda: LambdaClient;

  constructor(private readonly target: WatchdogTarget) {
    const { region, endpoint, credentials } = target;
    this.lambda = new LambdaClient({ region, endpoint, credentials });
  }

  async up(): Promise<void> {
    this.name = await this.deployed();
    const FunctionName = this.name;
    const { Environment } = await this.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const Variables = { ...Environment!.Variables, AWS_ENDPOINT_URL_EC2: this.target.ec2Endpoint };
    await this.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }),
    );
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.loop = (async () => {
      for (; this.running; await sleep(everyMs)) await this.once().catch(() => undefined);
    })();
  }

  /** No more runs from now on; those under way come to their end. */
  async pause(): Promise<void> {
    this.running = false;
    await this.loop;
  }

  async once(): Promise<FailoverResult> {
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName: this.name }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError) {
      this.failures.push(text);
      throw new Error(text);
    }
    const result = JSON.parse(text) as FailoverResult;
    this.results.push(result);
    return result;
  }

  async stop(): Promise<void> {
    await this.pause();
    this.lambda.destroy();
  }

  private async deployed(): Promise<string> {
    const { region, environment, table, tableArn, routeTable, vpc } = this.target;
    const before = { ...process.env };
    Object.assign(process.env, environment);
    try {
      const stack = { project: "groundwork", stack: "rig", region, defaultTags: {} };
      const { outputs } = await deploy({ ...stack, values: { "aws:region": region } }, () => {
        const watch = new FailoverWatchdog("database-failover", {
          ...{ vpcId: vpc, virtualIp, routeTableIds: [routeTable], tableName: table, tableArn },
          kmsKeyArn: tableArn.replace(/:dynamodb:.*/, `:kms:${region}:123456789012:key/lease`),
          sameDatabase: {},
          groupName: "database",
          logRetentionDays: 1,
        });
        return { name: watch.functionName };
      });
      return outputs.name as string;
    } finally {
      for (const name of Object.keys(environment))
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
    }
  }
}
