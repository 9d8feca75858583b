import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { UserPoolLike } from "../identity/args";
import type { ApiAccountLike } from "../shared/api-account";
import { arnOf, Complete, Given, input, logRetentionDays, matching, options, whole } from "../shared/options";
import type { AccessLogsLike } from "../shared/private-bucket";
import type { ImageLike, WebLike } from "../web/args";

export const DEPLOYMENTS = ["in-place", "blue-green"] as const;
export type Deployment = (typeof DEPLOYMENTS)[number];

export const SEVERITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW"] as const;

export const repository = matching(/^[\w.-]+\/[\w.-]+$/, "owner/name on GitHub").describe(
  "The source, as owner/name on GitHub",
);

export const deliveryOptions = options({
  repository,
  branch: matching(/^[\w./-]{1,255}$/, "a branch's name")
    .default("main")
    .describe("The branch that is released"),
  connectionArn: input(arnOf("codeconnections|codestar-connections", "an ARN of codeconnections"))
    .optional()
    .describe("An accepted connection to GitHub; if left out, a new one is created and waits to be accepted"),
  startOn: z
    .enum(["request", "push"])
    .default("request")
    .describe("What starts the pipeline after its first run, which starts when the pipeline is created"),
  whileRunning: z
    .enum(["refuse", "queue"])
    .default("refuse")
    .describe("What happens to a start while an execution is running: it gets a 409, or waits in the queue"),
  test: z.boolean().default(true).describe("Runs the repository's own tests before anything is built"),
  approval: z.boolean().default(false).describe("Waits for a person's approval before a release"),
  deployment: z
    .enum(DEPLOYMENTS)
    .default("in-place")
    .describe("One server after the other, or a whole new group beside the old one"),
  refusedSeverities: z
    .array(z.enum(SEVERITIES))
    .default(["CRITICAL", "HIGH"])
    .describe("An image with a finding of one of these severities is not released"),
  rollbackAt5xxPerMinute: whole(1, 1_000_000)
    .default(10)
    .describe("The number of 5xx responses in a minute during a deployment that triggers a rollback"),
  keptDays: whole(7, 3_650).default(365).describe("How long a rollback to a release is possible"),
  starterGroup: z
    .string()
    .min(1, "a group's name")
    .optional()
    .describe(
      "The user pool group whose members may start the pipeline; if left out, everyone who is signed in",
    ),
  adminGroup: z
    .string()
    .min(1, "a group's name")
    .default("admin")
    .describe("The user pool group whose members may roll back"),
  ratePerSecond: whole(1, 10_000)
    .default(5)
    .describe("Requests per second to each method of the pipeline's API"),
  burst: whole(1, 5_000).default(10).describe("Simultaneous requests to the API"),
  logRetentionDays: logRetentionDays("How long the logs of builds, API and functions are kept"),
});

/** The web servers to which releases are deployed: our `WebTier`. */
export interface ReleaseTarget extends WebLike {
  readonly groupName: pulumi.Input<string>;
  readonly groupArn: pulumi.Input<string>;
  readonly targetGroupName: pulumi.Input<string>;
  readonly targetGroupArn: pulumi.Input<string>;
  /** How CloudWatch names the load balancer: the end of its ARN. */
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
}

export interface DeployGroupArgs {
  web: ReleaseTarget;
  deployment: Deployment;
  /** This many 5xx answers from the servers within a minute stop a deployment and roll it back. */
  rollbackAt5xxPerMinute: number;
  /** The names of further alarms that stop a deployment. @default none */
  rollbackAlarmNames?: pulumi.Input<string>[];
}

export interface DeliveryArgs extends Given<typeof deliveryOptions> {
  web: ReleaseTarget;
  /** The repository for the images. */
  image: ImageLike;
  /** The user pool whose tokens the API accepts. */
  people: UserPoolLike;
  /** The account's permission to log API requests. @default the account has it already */
  apiAccount?: ApiAccountLike;
  /** The names of further alarms that trigger a rollback. @default none */
  rollbackAlarmNames?: pulumi.Input<string>[];
  /** Records the API's requests in X-Ray, with the functions that answer them. @default false */
  traced?: boolean;
  /** Where S3 logs who read and wrote artifacts. @default no access log */
  accessLogs?: AccessLogsLike;
  /** Keeps artifacts and release records when the stack is destroyed. */
  keepData: boolean;
}

export type CompleteDelivery = DeliveryArgs & Complete<typeof deliveryOptions>;

export const githubOidcOptions = options({
  providerArn: input(arnOf("iam", "an ARN of iam"))
    .optional()
    .describe("The account's identity provider for GitHub, if there is one already"),
  stateBucketArn: input(arnOf("s3", "an ARN of s3"))
    .optional()
    .describe("The bucket that holds Pulumi's state; without this, previews cannot read it"),
  stateKeyArn: input(arnOf("kms", "an ARN of kms"))
    .optional()
    .describe("The KMS key of the state and its secrets"),
});

export interface GithubOidcArgs extends Given<typeof githubOidcOptions> {
  /** The repository whose workflows may assume the role, as `owner/name`. */
  repository: string;
  /** Name patterns (with `*`) of the buckets in which a preview reads the files that the program uploads. @default none */
  ownFiles?: string[];
}
