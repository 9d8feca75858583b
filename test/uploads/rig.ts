import * as fs from "node:fs";
import * as path from "node:path";
import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import { SQS } from "@aws-sdk/client-sqs";
import { STS } from "@aws-sdk/client-sts";
import * as aws from "@pulumi/aws";
import { FileUploads, FileUploadsArgs } from "../../components/uploads/file-uploads";
import { UserPool, UserPoolArgs } from "../../components/identity/user-pool";
import { policyDocument } from "../../components/policy";
import { deploy } from "../../sandbox/engine";
import { ACCOUNT, CREDENTIALS } from "../../sandbox/emulators/endpoints";
import { Emulators, startEmulators } from "../../sandbox/emulators/emulators";
import { installEmulators, missingPython } from "../../sandbox/emulators/install";
import { placesOf, root } from "../../sandbox/places";
import { Processes } from "../../sandbox/processes";

const REGION = "eu-west-1";
const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;

/** Pool and uploads on the emulators, made by the components themselves, with the mover's real zip. */
export interface Rig {
  outputs: {
    normal: string;
    sensitive: string;
    keyArn: string;
    queueUrl: string;
    deadLetterUrl: string;
    moverName: string;
    moverRoleName: string;
    userPoolId: string;
    webRoleArn: string;
  };
  /** Leads any AWS SDK to the emulators. */
  environment: Record<string, string>;
  /** The same for a program that runs as the web servers do. */
  webEnvironment(): Promise<Record<string, string>>;
  endpoint: string;
  /** Where the emulators keep what they run. */
  folder: string;
  s3: S3;
  sqs: SQS;
  lambda: Lambda;
  cognito: CognitoIdentityProvider;
  stop(): Promise<void>;
}

export interface RigOptions {
  uploads?: Partial<FileUploadsArgs>;
  pool?: Partial<UserPoolArgs>;
}

export const PARAMETER_PATH = "/groundwork/rig";

/** Why no rig can be had on this machine, if so. */
export const noRig = missingPython;

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const places = placesOf(path.join(root, ".test", `uploads-${process.pid}-${Date.now()}`));
  const python = await installEmulators(console.log);
  const processes = new Processes(places.processes);
  const emulators = await startEmulators(python, processes, places, REGION);
  const stop = async () => {
    await emulators.stop();
    processes.close();
    fs.rmSync(places.run, { recursive: true, force: true });
  };
  try {
    const { outputs } = await withEnvironment(emulators, () =>
      deploy(
        {
          project: "groundwork",
          stack: "rig",
          region: REGION,
          defaultTags: {},
          values: { "aws:region": REGION },
        },
        () => program(options),
      ),
    );
    const client = { region: REGION, endpoint: emulators.endpoints.ministack, credentials: CREDENTIALS };
    return {
      outputs: outputs as Rig["outputs"],
      environment: emulators.environment,
      webEnvironment: () => webEnvironment(emulators, (outputs as Rig["outputs"]).webRoleArn),
      endpoint: emulators.endpoints.ministack,
      folder: places.run,
      s3: new S3({ ...client, forcePathStyle: true }),
      sqs: new SQS(client),
      lambda: new Lambda(client),
      cognito: new CognitoIdentityProvider(client),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function program({ uploads, pool }: RigOptions) {
  // As the servers' role, but taken by the tests, so that the app runs with its own rights only.
  const trust = { Effect: "Allow" as const, Action: "sts:AssumeRole", Principal: { AWS: ROOT_ARN } };
  const web = new aws.iam.Role("web", { assumeRolePolicy: policyDocument([trust]) });
  const people = new UserPool("people", {
    keepData: false,
    parameterPath: PARAMETER_PATH,
    webRole: web,
    selfSignUp: true,
    ...pool,
  });
  const files = new FileUploads("uploads", {
    keepData: false,
    parameterPath: PARAMETER_PATH,
    webRole: web,
    appOrigins: ["http://127.0.0.1:*"],
    moverRetrySeconds: 1,
    // Few at a time and patient: the processes share this machine's cores with everything else.
    moverTimeoutSeconds: 40,
    moverConcurrency: 4,
    // The tests look into the buckets as the account's root.
    readerArns: [ROOT_ARN],
    writerArns: [ROOT_ARN],
    ...uploads,
  });
  return {
    normal: files.normalBucketName,
    sensitive: files.sensitiveBucketName,
    keyArn: files.keyArn,
    queueUrl: files.mover.queueUrl,
    deadLetterUrl: files.deadLetterUrl,
    moverName: files.mover.lambda.functionName,
    moverRoleName: files.mover.roleArn.apply((arn) => arn.split("/").at(-1)!),
    userPoolId: people.userPoolId,
    webRoleArn: web.arn,
  };
}

async function webEnvironment(emulators: Emulators, RoleArn: string): Promise<Record<string, string>> {
  const sts = new STS({ region: REGION, endpoint: emulators.endpoints.ministack, credentials: CREDENTIALS });
  const { Credentials } = await sts.assumeRole({ RoleArn, RoleSessionName: "i-0123456789abcdef0" });
  return {
    ...emulators.environment,
    AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!,
    AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!,
    AWS_SESSION_TOKEN: Credentials!.SessionToken!,
    PARAMETER_PATH,
    UPLOADS_PARAMETER: `${PARAMETER_PATH}/uploads/settings`,
  };
}

/** The engine's clients find the emulators as any program's do, by the environment. */
async function withEnvironment<T>(emulators: Emulators, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, emulators.environment);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(emulators.environment))
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  }
}
