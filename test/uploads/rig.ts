import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import { Lambda } from "@aws-sdk/client-lambda";
import { S3 } from "@aws-sdk/client-s3";
import { SQS } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import type { FileUploadsArgs } from "../../components/uploads/args";
import { FileUploads } from "../../components/uploads/file-uploads";
import type { UserPoolArgs } from "../../components/identity/args";
import { UserPool } from "../../components/identity/user-pool";
import { allow, policyDocument } from "../../components/shared/permissions";
import type { Credentials } from "../../sandbox/emulators/endpoints";
import { startEmulated, TRUSTS_TESTS } from "../emulated";

/**
 * Pool and uploads on the emulators, made by the components themselves, with the mover's real zip. No principal is named but those that a
 * stack names by itself; tests look into the buckets as the account's root, whom MiniStack judges by no policy.
 */
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
  /** What the web app runs with: the rights of the web servers' role and no others. */
  webEnvironment(): Promise<Record<string, string>>;
  endpoint: string;
  credentials: Credentials;
  /** Where the web app's pages may send files to the buckets from a browser. */
  sitePort: number;
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
  /** An API of projects, which the web servers are led to. */
  projectsUrl?: string;
}

const PARAMETER_PATH = "/groundwork/rig";
const PROJECTS = `${PARAMETER_PATH}/provisioner/api-url`;

export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const emulated = await startEmulated("uploads");
  try {
    const outputs = (await emulated.make(() => program(options))) as unknown as Rig["outputs"];
    const { client } = emulated;
    return {
      outputs,
      webEnvironment: async () => ({
        ...(await emulated.environmentAs(outputs.webRoleArn)),
        PARAMETER_PATH,
        UPLOADS_PARAMETER: `${PARAMETER_PATH}/uploads/settings`,
        ...(options.projectsUrl && { PROVISIONER_PARAMETER: PROJECTS }),
      }),
      endpoint: client.endpoint,
      credentials: client.credentials,
      sitePort: emulated.sitePort,
      folder: emulated.folder,
      s3: new S3({ ...client, forcePathStyle: true }),
      sqs: new SQS(client),
      lambda: new Lambda(client),
      cognito: new CognitoIdentityProvider(client),
      stop: emulated.stop,
    };
  } catch (error) {
    await emulated.stop();
    throw error;
  }
}

function program({ uploads, pool, projectsUrl }: RigOptions) {
  const web = new aws.iam.Role("web", { assumeRolePolicy: policyDocument([TRUSTS_TESTS]) });
  const servers = { roleName: web.name, roleArn: web.arn, url: "http://127.0.0.1:*" };
  const people = new UserPool("people", {
    keepData: false,
    parameterPath: PARAMETER_PATH,
    web: servers,
    selfSignUp: true,
    ...pool,
  });
  const files = new FileUploads("uploads", {
    keepData: false,
    parameterPath: PARAMETER_PATH,
    web: servers,
    moverRetrySeconds: 1,
    // Few at a time and patient: the processes share this machine's cores with everything else.
    moverTimeoutSeconds: 40,
    moverConcurrency: 4,
    ...uploads,
  });
  if (projectsUrl) {
    const { arn } = new aws.ssm.Parameter("projects", { name: PROJECTS, type: "String", value: projectsUrl });
    const reads = allow(["ssm:GetParameters"], arn);
    new aws.iam.RolePolicy("projects", { role: web.name, policy: policyDocument([reads]) });
  }
  return {
    normal: files.normalBucketName,
    sensitive: files.sensitiveBucketName,
    keyArn: files.keyArn,
    queueUrl: files.queueUrl,
    deadLetterUrl: files.deadLetterUrl,
    moverName: files.moverName,
    moverRoleName: files.moverRoleArn.apply((arn) => arn.split("/").at(-1)!),
    userPoolId: people.userPoolId,
    webRoleArn: web.arn,
  };
}
