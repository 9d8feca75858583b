import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Check } from "../shared/check";
import { Statement } from "../shared/permissions";
import { PrivateBucket } from "../shared/private-bucket";
import { serviceKey } from "../shared/service-key";
import { Admitted, onlyFor, onlyUnder, onlyWhenClean } from "./access";
import { CONTENT_TYPES } from "./content-types";
import { malwareScan, scannerRole } from "./malware-scan";
import { Mover } from "./mover";
import { attachUploader, UploaderRole } from "./uploader";

export interface FileUploadsArgs {
  /** Keeps the buckets, what is in them, and the key, when the stack goes. */
  keepData: boolean;
  /** Where the web app finds its settings in SSM Parameter Store, such as `/groundwork/dev`. */
  parameterPath: string;
  /** The role of the web servers, which sign the uploads. @default nobody uploads by the web app */
  webRole?: UploaderRole;
  /** Whose pages may send files straight to S3, such as `https://www.example.com`. */
  appOrigins: pulumi.Input<string>[];
  /** @default 100 */
  maxUploadMiB?: number;
  /** @default pictures, PDF, text, office documents and archives */
  contentTypes?: string[];
  /** Roles, besides the mover, that may read objects, in both buckets. @default nobody */
  readerArns?: pulumi.Input<string>[];
  /** Roles, besides mover and web app, that may write and tag in the normal bucket. @default nobody */
  writerArns?: pulumi.Input<string>[];
  /** Told when an object could not be moved: the ARN of an SNS topic. @default nobody */
  alarmTopicArn?: pulumi.Input<string>;
  /** Has GuardDuty scan every object, and refuses to read it until it is found clean. @default false */
  malwareScan?: boolean;
  /** How long overwritten and deleted versions are kept. @default 30 */
  noncurrentDays?: number;
  /** How many batches of ten objects are moved at once. @default 10 */
  moverConcurrency?: number;
  /** The longest that one batch may take; the largest objects need all of it. @default 900 */
  moverTimeoutSeconds?: number;
  /** The first wait after a failed move; each further one is twice as long. @default 10 */
  moverRetrySeconds?: number;
  /** How long the mover's log and the buckets' access logs are kept. @default 30 */
  logRetentionDays?: number;
}

type Options = pulumi.ComponentResourceOptions;

/**
 * Two buckets for files, a normal one and one for what is sensitive, and the mover between them.
 * Costs what is stored, 1 USD a month for the key and about 0.4 USD a million objects moved. A file is always in one of
 * the buckets: it leaves the normal one only after its copy was verified.
 */
export class FileUploads extends pulumi.ComponentResource {
  readonly normalBucketName: pulumi.Output<string>;
  readonly sensitiveBucketName: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  readonly deadLetterUrl: pulumi.Output<string>;
  readonly mover: Mover;

  constructor(name: string, args: FileUploadsArgs, opts?: Options) {
    checkArgs(name, args);
    super("groundwork:index:FileUploads", name, {}, opts);
    const parent = { parent: this };
    // The buckets' policies name roles whose own policies name the buckets.
    const [moverArn, theMover] = pulumi.deferredOutput<string>();
    const [scannerArn, theScanner] = pulumi.deferredOutput<string>();
    const scanners = args.malwareScan ? [scannerArn] : [];
    const webRole = args.webRole ? [args.webRole.arn] : [];
    const readers = [...scanners, ...(args.readerArns ?? [])];

    const description = "Sensitive files";
    const key = serviceKey(`${name}-sensitive`, { description, keepData: args.keepData }, parent);
    const logs = accessLogs(`${name}-logs`, args, parent);
    const normal = this.bucket(`${name}-normal`, args, logs, {
      readers: [moverArn, ...readers],
      writers: [moverArn, ...webRole, ...scanners, ...(args.writerArns ?? [])],
      beforeClean: [moverArn, ...scanners],
    });
    const sensitive = this.bucket(`${name}-sensitive`, args, logs, {
      readers,
      writers: [moverArn, ...webRole, ...scanners],
      beforeClean: scanners,
      keyArn: key.arn,
    });
    this.mover = moverOf(`${name}-mover`, args, { normal, sensitive, kmsKeyArn: key.arn }, parent);
    theMover(this.mover.roleArn);
    if (args.malwareScan) theScanner(this.scan(name, normal, sensitive, key.arn));

    cors(`${name}-normal`, normal.bucketName, args.appOrigins, parent);
    cors(`${name}-sensitive`, sensitive.bucketName, args.appOrigins, parent);
    const parameterArn = settingsParameter(name, args, { normal, sensitive, keyArn: key.arn }, parent);
    if (args.webRole)
      attachUploader(
        `${name}-web`,
        args.webRole,
        {
          normalBucketArn: normal.bucketArn,
          sensitiveBucketArn: sensitive.bucketArn,
          kmsKeyArn: key.arn,
          parameterArn,
        },
        parent,
      );

    this.normalBucketName = normal.bucketName;
    this.sensitiveBucketName = sensitive.bucketName;
    this.keyArn = key.arn;
    this.deadLetterUrl = this.mover.deadLetterUrl;
    this.registerOutputs({
      normalBucketName: this.normalBucketName,
      sensitiveBucketName: this.sensitiveBucketName,
      keyArn: this.keyArn,
      deadLetterUrl: this.deadLetterUrl,
    });
  }

  private bucket(
    name: string,
    args: FileUploadsArgs,
    logs: PrivateBucket,
    admitted: Admitted & { beforeClean: pulumi.Input<string>[]; keyArn?: pulumi.Output<string> },
  ): PrivateBucket {
    const { keyArn, beforeClean } = admitted;
    return new PrivateBucket(
      name,
      {
        keepData: args.keepData,
        noncurrentDays: args.noncurrentDays,
        accessLogBucket: { name: logs.bucketName, prefix: `${name}/` },
        kmsKeyArn: keyArn,
        policy: (arn) => [
          ...onlyFor(arn, admitted),
          ...(keyArn ? onlyUnder(keyArn, arn) : []),
          ...(args.malwareScan ? [onlyWhenClean(arn, beforeClean)] : []),
        ],
      },
      // S3 takes the log's target only when its policy lets the log in.
      { parent: this, dependsOn: logs.ready },
    );
  }

  private scan(name: string, normal: PrivateBucket, sensitive: PrivateBucket, keyArn: pulumi.Output<string>) {
    const parent = { parent: this };
    const role = scannerRole(`${name}-scanner`, [normal, sensitive], keyArn, parent);
    const told = new aws.s3.BucketNotification(
      `${name}-sensitive`,
      { bucket: sensitive.bucketName, eventbridge: true },
      parent,
    );
    malwareScan(`${name}-normal`, normal.bucketName, role, {
      ...parent,
      dependsOn: [...normal.ready, ...this.mover.ready],
    });
    malwareScan(`${name}-sensitive`, sensitive.bucketName, role, {
      ...parent,
      dependsOn: [...sensitive.ready, told],
    });
    return role.arn;
  }
}

function checkArgs(name: string, args: FileUploadsArgs): void {
  const types = args.contentTypes ?? CONTENT_TYPES;
  new Check("FileUploads", name)
    .that(
      /^(\/[\w.-]+)+$/.test(args.parameterPath),
      "parameterPath",
      "a path such as /groundwork/dev",
      args.parameterPath,
    )
    .wholeNumber("maxUploadMiB", args.maxUploadMiB, 1, 5_120)
    .that(
      types.length > 0 && types.every((type) => /^[\w.+-]+\/[\w.+-]+$/.test(type)),
      "contentTypes",
      "a list of types such as image/png",
      types,
    )
    .wholeNumber("noncurrentDays", args.noncurrentDays, 1, 36_500)
    .wholeNumber("moverConcurrency", args.moverConcurrency, 2, 1_000)
    .wholeNumber("moverTimeoutSeconds", args.moverTimeoutSeconds, 1, 900)
    .wholeNumber("moverRetrySeconds", args.moverRetrySeconds, 0, 900)
    .done();
}

function accessLogs(name: string, args: FileUploadsArgs, opts: Options): PrivateBucket {
  const account = aws.getCallerIdentityOutput({}, opts).accountId;
  return new PrivateBucket(
    name,
    {
      keepData: args.keepData,
      expireDays: args.logRetentionDays ?? 30,
      policy: (arn): Statement[] => [
        {
          Sid: "AccessLogs",
          Effect: "Allow",
          Action: "s3:PutObject",
          Principal: { Service: "logging.s3.amazonaws.com" },
          Resource: pulumi.interpolate`${arn}/*`,
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    },
    opts,
  );
}

function moverOf(
  name: string,
  args: FileUploadsArgs,
  buckets: { normal: PrivateBucket; sensitive: PrivateBucket; kmsKeyArn: pulumi.Output<string> },
  opts: Options,
): Mover {
  return new Mover(
    name,
    {
      ...buckets,
      alarmTopicArn: args.alarmTopicArn,
      concurrency: args.moverConcurrency,
      timeoutSeconds: args.moverTimeoutSeconds,
      retrySeconds: args.moverRetrySeconds,
      eventBridge: args.malwareScan,
      retentionDays: args.logRetentionDays,
    },
    opts,
  );
}

/** A browser posts the form that the web app signed; nothing else crosses from another origin. */
function cors(
  name: string,
  bucket: pulumi.Input<string>,
  allowedOrigins: pulumi.Input<string>[],
  opts: pulumi.CustomResourceOptions,
): void {
  new aws.s3.BucketCorsConfiguration(
    name,
    {
      bucket,
      corsRules: [
        { allowedMethods: ["POST"], allowedOrigins, allowedHeaders: ["content-type"], maxAgeSeconds: 3_600 },
      ],
    },
    opts,
  );
}

function settingsParameter(
  name: string,
  args: FileUploadsArgs,
  {
    normal,
    sensitive,
    keyArn,
  }: { normal: PrivateBucket; sensitive: PrivateBucket; keyArn: pulumi.Output<string> },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const value = pulumi.jsonStringify({
    normalBucket: normal.bucketName,
    sensitiveBucket: sensitive.bucketName,
    sensitiveKeyArn: keyArn,
    maxBytes: (args.maxUploadMiB ?? 100) * 1024 * 1024,
    contentTypes: args.contentTypes ?? CONTENT_TYPES,
  });
  const parameter = new aws.ssm.Parameter(
    `${name}-settings`,
    // The name is set, because the web app looks for it there.
    { name: `${args.parameterPath}/uploads/settings`, type: "String", value },
    opts,
  );
  return parameter.arn;
}
