import { setTimeout as sleep } from "node:timers/promises";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import * as pulumi from "@pulumi/pulumi";
import { zipSync } from "fflate";
import { watchRoute } from "../../../components/database/failover-watch";
import type { FailoverResult } from "../../../functions/failover";
import { virtualIp } from "./net";

export interface WatchdogTarget {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Where the function finds EC2. */
  ec2Endpoint: string;
  table: string;
  vpc: string;
}

const name = "database-failover";
/** On AWS it runs every minute; here that often, so that it gets in the way of every fault. */
const everyMs = 2000;

/** The failover function as Pulumi serialises it for AWS, on the emulator's Lambda, run again and again. */
export class Watchdog {
  private running = false;
  private loop: Promise<void> = Promise.resolve();
  readonly results: FailoverResult[] = [];
  readonly failures: string[] = [];
  private readonly lambda: LambdaClient;

  constructor(private readonly target: WatchdogTarget) {
    this.lambda = new LambdaClient(this.client());
  }

  async up(): Promise<void> {
    const iam = new IAMClient(this.client());
    const trust = statement({ Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } });
    const role = await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
    const read = statement({
      Action: "dynamodb:GetItem",
      Resource: `arn:aws:dynamodb:*:*:table/${this.target.table}`,
    });
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: name, PolicyDocument: read }));
    iam.destroy();
    await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: "nodejs22.x",
        Handler: "__index.handler",
        Role: role.Role!.Arn,
        Timeout: 50,
        Code: { ZipFile: zipSync({ "__index.js": Buffer.from(await serialised()) }) },
        Environment: {
          Variables: {
            LEASE_TABLE: this.target.table,
            LEASE_KEY: "database",
            VIRTUAL_IP: virtualIp,
            VPC_ID: this.target.vpc,
            METRICS_NAMESPACE: "Groundwork/Database",
            AWS_ENDPOINT_URL_EC2: this.target.ec2Endpoint,
          },
        },
      }),
    );
  }

  start(): void {
    this.running = true;
    this.loop = (async () => {
      for (; this.running; await sleep(everyMs)) await this.once().catch(() => undefined);
    })();
  }

  async once(): Promise<FailoverResult> {
    const answer = await this.lambda.send(new InvokeCommand({ FunctionName: name }));
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
    this.running = false;
    this.lambda.destroy();
    await this.loop;
  }

  private client() {
    const { region, endpoint, credentials } = this.target;
    return { region, endpoint, credentials };
  }
}

function statement(fields: object): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...fields }] });
}

async function serialised(): Promise<string> {
  await pulumi.runtime.setMocks({ newResource: ({ name: id }) => ({ id, state: {} }), call: () => ({}) });
  const { text } = await pulumi.runtime.serializeFunction(watchRoute, {
    serialize: () => true,
    exportName: "handler",
  });
  return text;
}
