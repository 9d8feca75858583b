import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { kept } from "../shared/kept";
import { Monitoring, Operated } from "../shared/monitoring";
import { fill, Complete, settingsPath } from "../shared/options";
import { PrivateBucket, takesAccessLogs } from "../shared/private-bucket";
import { serviceKey } from "../shared/service-key";
import { Admitted, onlyFor, onlyUnder, onlyWhenClean } from "./access";
import { uploadsMonitoring } from "./alarms";
import { CONTENT_TYPES } from "./content-types";
import { FileUploadsArgs, fileUploadsOptions } from "./args";
import { malwareScan, scannerRole } from "./malware-scan";
import { Mover } from "./mover";
import { attachUploader } from "./uploader";

type CompleteArgs = FileUploadsArgs & Complete<typeof fileUploadsOptions>;
type Options = pulumi.ComponentResourceOptions;

const scannedBuckets = kept<pulumi.Output<string>[]>();

/**
 * Two buckets for files, a normal one and one for sensitive files, and the mover between them.
 * Costs the storage, 1 USD a month for the key and about 0.4 USD a million objects moved. A file is always in one of
 * the buckets: it leaves the normal one only after its copy was verified.
 */
export class FileUploads extends pulumi.ComponentResource implements Operated {
  readonly normalBucketName: pulumi.Output<string>;
  readonly sensitiveBucketName: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  readonly deadLetterUrl: pulumi.Output<string>;
  /** The queue of the mover's events. */
  readonly queueUrl: pulumi.Output<string>;
  readonly moverName: pulumi.Output<string>;
  readonly moverRoleArn: pulumi.Output<string>;
  readonly logGroups: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: FileUploadsArgs, opts?: Options) {
    const filled = fill("FileUploads", name, fileUploadsOptions, args, ({ parameterPath }) =>
      settingsPath("parameterPath", parameterPath),
    );
    super("groundwork:index:FileUploads", name, {}, opts);
    const parent = { parent: this };
    const { web } = args;
    const origins = [...(web ? [web.url] : []), ...filled.moreOrigins];
    // The buckets' policies name roles, and the policies of these roles name the buckets.
    const [moverArn, theMover] = pulumi.deferredOutput<string>();
    const [scannerArn, theScanner] = pulumi.deferredOutput<string>();
    const scanners = filled.malwareScan ? [scannerArn] : [];
    const webRole = web ? [web.roleArn] : [];
    const readers = [...scanners, ...filled.readerArns];

    const description = "Sensitive files";
    const key = serviceKey(`${name}-sensitive`, { description, keepData: args.keepData }, parent);
    const logs = accessLogs(`${name}-logs`, filled, parent);
    const normal = bucketFor(
      `${name}-normal`,
      filled,
      logs,
      {
        readers: [moverArn, ...readers],
        senders: webRole,
        sendersOpenAndMark: true,
        writers: [moverArn, ...scanners, ...filled.writerArns],
        judges: scanners,
        beforeClean: [moverArn, ...scanners],
      },
      parent,
    );
    const sensitive = bucketFor(
      `${name}-sensitive`,
      filled,
      logs,
      {
        readers,
        senders: webRole,
        sendersOpenAndMark: false,
        writers: [moverArn, ...scanners],
        // A copy keeps the verdict.
        judges: [moverArn, ...scanners],
        beforeClean: scanners,
        keyArn: key.arn,
      },
      parent,
    );
    const mover = moverOf(`${name}-mover`, filled, { normal, sensitive, kmsKeyArn: key.arn }, parent);
    theMover(mover.roleArn);
    if (filled.malwareScan) theScanner(scan(name, normal, sensitive, key.arn, mover, parent));

    cors(`${name}-normal`, normal.bucketName, origins, parent);
    cors(`${name}-sensitive`, sensitive.bucketName, origins, parent);
    const parameterArn = settingsParameter(name, filled, { normal, sensitive, keyArn: key.arn }, parent);
    if (web)
      attachUploader(
        `${name}-web`,
        web.roleName,
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
    scannedBuckets.keep(this, filled.malwareScan ? [normal.bucketName, sensitive.bucketName] : []);
    this.queueUrl = mover.queueUrl;
    this.moverName = mover.functionName;
    this.moverRoleArn = mover.roleArn;
    this.deadLetterUrl = mover.deadLetterUrl;
    this.logGroups = { mover: mover.logGroupName };
    this.registerOutputs({
      normalBucketName: this.normalBucketName,
      sensitiveBucketName: this.sensitiveBucketName,
      keyArn: this.keyArn,
      deadLetterUrl: this.deadLetterUrl,
    });
  }

  monitoring(): Monitoring[] {
    const { moverName, queueUrl, deadLetterUrl } = this;
    return [
      uploadsMonitoring({ moverName, queueUrl, deadLetterUrl, scannedBuckets: scannedBuckets.of(this) }),
    ];
  }
}

function bucketFor(
  name: string,
  args: CompleteArgs,
  logs: PrivateBucket,
  admitted: Admitted & { beforeClean: pulumi.Input<string>[]; keyArn?: pulumi.Output<string> },
  opts: Options,
): PrivateBucket {
  const { keyArn, beforeClean } = admitted;
  const { keepData, noncurrentDays, malwareScan } = args;
  return new PrivateBucket(
    name,
    {
      keepData,
      noncurrentDays,
      accessLogs: logs,
      kmsKeyArn: keyArn,
      policy: (arn) => [
        ...onlyFor(arn, admitted),
        ...(keyArn ? onlyUnder(keyArn, arn) : []),
        ...(malwareScan ? [onlyWhenClean(arn, beforeClean)] : []),
      ],
    },
    opts,
  );
}

function scan(
  name: string,
  normal: PrivateBucket,
  sensitive: PrivateBucket,
  keyArn: pulumi.Output<string>,
  mover: Mover,
  parent: { parent: pulumi.Resource },
): pulumi.Output<string> {
  const scanner = scannerRole(`${name}-scanner`, [normal, sensitive], keyArn, parent);
  const told = new aws.s3.BucketNotification(
    `${name}-sensitive`,
    { bucket: sensitive.bucketName, eventbridge: true },
    parent,
  );
  malwareScan(`${name}-normal`, normal.bucketName, scanner.arn, {
    ...parent,
    dependsOn: [...normal.ready, ...mover.ready],
  });
  malwareScan(`${name}-sensitive`, sensitive.bucketName, scanner.arn, {
    ...parent,
    dependsOn: [...sensitive.ready, told],
  });
  return scanner.role.arn;
}

function accessLogs(name: string, args: CompleteArgs, opts: { parent: pulumi.Resource }): PrivateBucket {
  const { keepData, logRetentionDays: expireDays } = args;
  return new PrivateBucket(
    name,
    { keepData, expireDays, policy: (arn) => [takesAccessLogs(arn, opts)] },
    opts,
  );
}

function moverOf(
  name: string,
  args: CompleteArgs,
  buckets: { normal: PrivateBucket; sensitive: PrivateBucket; kmsKeyArn: pulumi.Output<string> },
  opts: Options,
): Mover {
  return new Mover(
    name,
    {
      ...buckets,
      concurrency: args.moverConcurrency,
      timeoutSeconds: args.moverTimeoutSeconds,
      retrySeconds: args.moverRetrySeconds,
      eventBridge: args.malwareScan,
      logRetentionDays: args.logRetentionDays,
    },
    opts,
  );
}

/** Lets a browser post the form that the web app signed, and nothing else from another origin. */
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
  args: CompleteArgs,
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
    maxBytes: args.maxUploadMiB * 1024 ** 2,
    maxPersonBytes: args.maxPersonGiB * 1024 ** 3,
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
