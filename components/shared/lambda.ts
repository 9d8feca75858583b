import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { build, type BuildOptions } from "esbuild";
import { z } from "zod";
import { here } from "./here";
import { fill, Given, logRetentionDays, options, whole } from "./options";
import { must } from "./refusals";
import { allow, readyRole, Statement, writesTraces } from "./permissions";

export const lambdaOptions = options({
  timeoutSeconds: whole(1, 900).default(30).describe("How long one call may take"),
  memoryMiB: whole(128, 10_240).default(256).describe("The function's memory; its CPU share grows with it"),
  reservedConcurrency: whole(0, 1_000)
    .optional()
    .describe(
      "How many calls may run at once before the rest are throttled; the account's limit if left out",
    ),
  logRetentionDays: logRetentionDays("How long the function's log is kept"),
  traced: z
    .boolean()
    .default(false)
    .describe(
      "Records in X-Ray the function's calls, as part of their caller's trace, and its own AWS calls",
    ),
});

export interface LambdaArgs<E, R> extends Given<typeof lambdaOptions> {
  /** The function itself. It reads `process.env`, builds its ports and calls a plain function in functions/. */
  callback?: aws.lambda.Callback<E, R>;
  /** Instead of `callback`: the file that exports `handler`, bundled with everything it imports. For programs of many modules (decision 0032). */
  entry?: string;
  /** What the function may do besides writing its own log. @default nothing */
  permissions?: Statement[];
  /** The function's environment variables, checked against its own type with `satisfies InputsOf<...>`; pass secrets as ARNs. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** The ARN of the SQS queue for asynchronous events that failed on every attempt. @default it is dropped */
  deadLetterArn?: pulumi.Input<string>;
  /** Runs the function inside the VPC. @default outside */
  vpc?: { subnetIds: pulumi.Input<pulumi.Input<string>[]>; securityGroupIds: pulumi.Input<string>[] };
}

/** A function's environment, as its component writes it: each value may still be an output. */
export type InputsOf<T> = [T] extends [string | number | boolean | unknown[]]
  ? pulumi.Input<T>
  : { [K in keyof T]: InputsOf<T[K]> };

/** Reports a function's own calls to X-Ray. */
const TRACED_CALLS = require.resolve("../../functions/shared/traced-calls");

/** The key under which a function keeps a callback that returns its code, built from the current sources. */
const CODE_NOW = Symbol.for("groundwork:codeNow");

/**
 * An AWS Lambda function with its own role and log.
 * Costs nothing at rest. Its zip contains only its own code: if it uses a package other than the AWS SDK, the first call fails.
 */
export class Lambda<E = unknown, R = unknown> extends pulumi.ComponentResource {
  /** The function itself, for resources that invoke it. */
  readonly function: aws.lambda.Function;
  readonly functionArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: LambdaArgs<E, R>, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("Lambda", name, lambdaOptions, args, ({ callback, entry }) =>
      must(
        (callback === undefined) !== (entry === undefined),
        "callback",
        "given, or entry instead",
        callback && entry ? "both" : undefined,
      ),
    );
    super("groundwork:index:Lambda", name, {}, opts);
    const parent = { parent: this };
    const codeNow = () => codeOf(args, filled.traced);
    // The sandbox calls this again after an edit of the function's sources.
    Object.defineProperty(this, CODE_NOW, { value: codeNow });

    const log = new aws.cloudwatch.LogGroup(name, { retentionInDays: filled.logRetentionDays }, parent);
    const { role, arn: readyArn } = readyRole(
      name,
      { service: "lambda.amazonaws.com", permissions: permissionsOf(args, filled.traced, log.arn, parent) },
      parent,
    );
    this.function = new aws.lambda.Function(
      name,
      {
        code: pulumi.output(codeNow()),
        handler: "__index.handler",
        // Lambda tests the role's permissions for these two. Otherwise the role's policy may refer to the function, so it cannot come first.
        role: args.vpc || args.deadLetterArn ? readyArn : role.arn,
        runtime: aws.lambda.Runtime.NodeJS22dX,
        architectures: ["arm64"],
        timeout: filled.timeoutSeconds,
        memorySize: filled.memoryMiB,
        reservedConcurrentExecutions: filled.reservedConcurrency,
        environment: { variables: args.environment ?? {} },
        loggingConfig: { logFormat: "JSON", logGroup: log.name },
        tracingConfig: { mode: filled.traced ? "Active" : "PassThrough" },
        deadLetterConfig: args.deadLetterArn ? { targetArn: args.deadLetterArn } : undefined,
        vpcConfig: args.vpc,
      },
      parent,
    );
    this.functionArn = this.function.arn;
    this.functionName = this.function.name;
    this.roleArn = role.arn;
    this.logGroupName = log.name;
    this.registerOutputs({
      functionArn: this.functionArn,
      functionName: this.functionName,
      roleArn: this.roleArn,
      logGroupName: this.logGroupName,
    });
  }
}

function permissionsOf<E, R>(
  args: LambdaArgs<E, R>,
  traced: boolean,
  logArn: pulumi.Output<string>,
  opts: { parent: pulumi.Resource },
): Statement[] {
  const kind = (of: string) => here(opts).arn("ec2", `${of}/*`);
  const permissions = [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${logArn}:*`),
    ...(traced ? [writesTraces] : []),
    ...(args.permissions ?? []),
  ];
  if (args.deadLetterArn) permissions.push(deadLetterPermission(args.deadLetterArn));
  if (args.vpc)
    permissions.push(
      allow(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], "*"), // * because EC2's describe calls have no resource-level permission
      // All interfaces and subnets: if only some are named, Lambda "may fail to connect to your VPC", according to its guide.
      allow(
        ["ec2:CreateNetworkInterface"],
        [kind("network-interface"), kind("subnet"), kind("security-group")],
      ),
      allow(
        ["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"],
        kind("network-interface"),
      ),
    );
  return permissions;
}

function deadLetterPermission(target: pulumi.Input<string>): Statement {
  return { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: target };
}

/** The function as one file. The runtime provides the AWS SDK. */
async function codeOf<E, R>(
  { callback, entry }: LambdaArgs<E, R>,
  traced: boolean,
): Promise<pulumi.asset.Archive> {
  const code = await (callback ? serialized(callback) : bundled({ stdin: handlerOf(entry!) }));
  // Appended, because code in front of it would disable its "use strict".
  const calls = traced ? `\n(() => {${await bundled({ entryPoints: [TRACED_CALLS] })}})();` : "";
  return new pulumi.asset.AssetArchive({ "__index.js": new pulumi.asset.StringAsset(code + calls) });
}

/** A wrapper instead of the entry itself: esbuild's code for exports would be larger than a small module. */
const handlerOf = (entry: string) => ({
  contents: `import { handler } from ${JSON.stringify(entry)}; exports.handler = handler;`,
  resolveDir: path.dirname(entry),
});

/**
 * The callback and what it captures. Not aws.lambda.CallbackFunction: for each function, that walks all of node_modules
 * to find packages for the zip (0.3 s each), only for us to exclude every one.
 */
async function serialized<E, R>(callback: aws.lambda.Callback<E, R>): Promise<string> {
  const closure = await pulumi.runtime.serializeFunction(callback, {
    serialize: () => true,
    exportName: "handler",
  });
  return closure.text;
}

async function bundled(what: Pick<BuildOptions, "stdin" | "entryPoints">): Promise<string> {
  const { outputFiles } = await build({
    ...what,
    logOverride: { "commonjs-variable-in-esm": "silent" },
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    external: ["@aws-sdk/*"],
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]!.text;
}
