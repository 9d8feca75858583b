import * as path from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { build } from "esbuild";
import { Check } from "./check";
import { allow, serviceRole, Statement } from "./policy";

export interface LambdaArgs<E, R> {
  /** The function itself: reads `process.env`, builds its ports and calls a plain function of functions/. */
  callback?: aws.lambda.Callback<E, R>;
  /** Instead: the file that exports `handler`, bundled with all it imports; for a program of many modules (decision 0032). */
  entry?: string;
  /** What the function may do besides writing its own log. @default nothing */
  statements?: Statement[];
  /** Reaches the function as environment variables, held to its own type by `satisfies InputsOf<...>`; secrets go as ARNs. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** @default 30 */
  timeoutSeconds?: number;
  /** @default 256 */
  memoryMiB?: number;
  /** How long its log is kept. @default 30 */
  retentionDays?: number;
  /** How many may run at once; the rest are throttled. @default the account's own limit */
  reservedConcurrency?: number;
  /** Where an asynchronous event goes that failed on every try: the ARN of an SQS queue. @default it is dropped */
  deadLetterArn?: pulumi.Input<string>;
  /** Runs the function inside the VPC. @default outside */
  vpc?: { subnetIds: pulumi.Input<pulumi.Input<string>[]>; securityGroupIds: pulumi.Input<string>[] };
}

/** What a function reads, as its component writes it: each value may still be on its way. */
export type InputsOf<T> = [T] extends [string | number | boolean | unknown[]]
  ? pulumi.Input<T>
  : { [K in keyof T]: InputsOf<T[K]> };

/**
 * A function of ours on AWS Lambda, with a role and a log of its own.
 * Costs nothing at rest. Its zip holds its own code only: a package other than the AWS SDK is not there at the first call.
 */
export class Lambda<E = unknown, R = unknown> extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly functionArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: LambdaArgs<E, R>, opts?: pulumi.ComponentResourceOptions) {
    new Check("Lambda", name)
      .that(
        (args.callback === undefined) !== (args.entry === undefined),
        "callback",
        "given, or entry instead",
        args.callback && args.entry ? "both" : undefined,
      )
      .wholeNumber("timeoutSeconds", args.timeoutSeconds, 1, 900)
      .wholeNumber("memoryMiB", args.memoryMiB, 128, 10_240)
      .wholeNumber("reservedConcurrency", args.reservedConcurrency, 0, 1_000)
      .done();
    super("groundwork:lambda:Lambda", name, {}, opts);
    const parent = { parent: this };

    const log = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.retentionDays ?? 30 }, parent);
    const role = serviceRole(
      name,
      { service: "lambda.amazonaws.com", statements: statementsOf(args, log.arn) },
      parent,
    );
    this.function = new aws.lambda.Function(
      name,
      {
        code: codeOf(args),
        handler: "__index.handler",
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS22dX,
        architectures: ["arm64"],
        timeout: args.timeoutSeconds ?? 30,
        memorySize: args.memoryMiB ?? 256,
        reservedConcurrentExecutions: args.reservedConcurrency,
        environment: { variables: args.environment ?? {} },
        loggingConfig: { logFormat: "JSON", logGroup: log.name },
        tracingConfig: { mode: "Active" },
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

function statementsOf<E, R>(args: LambdaArgs<E, R>, logArn: pulumi.Output<string>): Statement[] {
  const statements = [
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.interpolate`${logArn}:*`),
    allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*"), // * because X-Ray has no resource-level permission
    ...(args.statements ?? []),
  ];
  if (args.deadLetterArn) statements.push(deadLetterStatement(args.deadLetterArn));
  if (args.vpc)
    statements.push(
      // * because the network interfaces that Lambda makes in the VPC have no name before they exist
      allow(
        [
          "ec2:CreateNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:DeleteNetworkInterface",
          "ec2:AssignPrivateIpAddresses",
          "ec2:UnassignPrivateIpAddresses",
        ],
        "*",
      ),
    );
  return statements;
}

function deadLetterStatement(target: pulumi.Input<string>): Statement {
  return { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: target };
}

/** The function as one file; the AWS SDK comes with the runtime. */
function codeOf<E, R>({ callback, entry }: LambdaArgs<E, R>): pulumi.Output<pulumi.asset.Archive> {
  const text = callback ? serialized(callback) : bundled(entry!);
  return pulumi
    .output(text)
    .apply((code) => new pulumi.asset.AssetArchive({ "__index.js": new pulumi.asset.StringAsset(code) }));
}

/**
 * The callback and what it captures. Not aws.lambda.CallbackFunction: that walks all of node_modules for each
 * function to find packages to zip (0.3 s each) only for us to exclude every one.
 */
async function serialized<E, R>(callback: aws.lambda.Callback<E, R>): Promise<string> {
  const closure = await pulumi.runtime.serializeFunction(callback, {
    serialize: () => true,
    exportName: "handler",
  });
  return closure.text;
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    // Not the entry itself: what esbuild adds to hand exports on takes more room than a small module.
    stdin: {
      contents: `import { handler } from ${JSON.stringify(entry)}; exports.handler = handler;`,
      resolveDir: path.dirname(entry),
    },
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
