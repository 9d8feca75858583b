import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { isWithin } from "../../functions/shared/is-within";
import type { DatabaseLike } from "../database/args";
import type { BastionLike, NetworkLike } from "../network/args";
import { armInstanceType } from "../shared/instance-type";
import { ipBlock } from "../shared/ip-block";
import { Given, input, logRetentionDays, matching, options, whole } from "../shared/options";
import type { Permission } from "../shared/permissions";

export const SCALING_MODES = ["steps", "target"] as const;
export type Scaling = (typeof SCALING_MODES)[number];

export const loadBalancerOptions = options(
  {
    clientCidrs: z.array(ipBlock()).min(1).default(["0.0.0.0/0"]).describe("The clients that may connect"),
    httpPort: whole(1, 65_535)
      .default(80)
      .describe("The port for plain HTTP, which only redirects if there is a domain"),
    appPort: whole(1_024, 65_535).default(8080).describe("The port of the servers"),
    healthCheckSeconds: whole(5, 300).default(30).describe("How often a server's health is checked"),
    deregistrationSeconds: whole(0, 3_600)
      .default(20)
      .describe("How long a server may finish its requests before it is removed"),
    domainName: z.hostname().optional().describe("The site's domain name; turns HTTPS on"),
    zoneName: z
      .hostname()
      .optional()
      .describe("The Route 53 zone that holds the name; its parent domain if left out"),
    certificateArn: input(
      matching(
        /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
        "the ARN of a certificate in AWS Certificate Manager",
      ),
    )
      .optional()
      .describe(
        "An existing certificate; then no zone is changed, and the name's owner must point it to the load balancer",
      ),
  },
  [
    {
      of: ["domainName", "httpPort"],
      wrong: "httpPort",
      accepted: "another port than 443, which HTTPS takes",
      fit: ({ domainName, httpPort }) => domainName === undefined || httpPort !== 443,
    },
    {
      of: ["domainName", "zoneName"],
      wrong: "zoneName",
      accepted: "domainName or its end",
      fit: ({ domainName, zoneName }) => zoneName === undefined || isWithin(`${domainName}`, zoneName),
    },
    {
      of: ["domainName", "certificateArn"],
      wrong: "domainName",
      accepted: "the site's name where certificateArn is given",
      fit: ({ domainName, certificateArn }) => certificateArn === undefined || domainName !== undefined,
    },
    {
      of: ["zoneName", "certificateArn"],
      wrong: "zoneName",
      accepted: "left out where certificateArn is given",
      fit: ({ zoneName, certificateArn }) => certificateArn === undefined || zoneName === undefined,
    },
  ],
);

export interface LoadBalancerArgs extends Given<typeof loadBalancerOptions> {
  network: NetworkLike;
  /** Protects against deletion, and keeps the access logs when the stack is destroyed. */
  keepData: boolean;
}

export const tracesOptions = options({
  tracedPercent: whole(0, 100)
    .default(0)
    .describe("The share of requests that are traced in X-Ray, with everything they trigger; 0 traces none"),
});

export const serverOptions = options(
  {
    ...loadBalancerOptions.shape,
    subnets: z
      .enum(["public", "private"])
      .default("public")
      .describe(
        "The servers' subnets: public ones give them their own addresses, private ones use the network's egress",
      ),
    instanceType: armInstanceType("t4g.small", "The servers"),
    minSize: whole(1, 100).default(2).describe("The minimum number of servers"),
    maxSize: whole(1, 100).default(3).describe("The maximum number of servers"),
    scaling: z
      .enum(SCALING_MODES)
      .default("steps")
      .describe(
        "`steps`: one server more above 60 % of CPU, one less below 40 %, each for 2 minutes; `target`: keeps CPU at a share",
      ),
    targetCpuPercent: whole(1, 99).default(30).describe("The share of CPU that `target` keeps"),
    metricsSeconds: z
      .union([z.literal(10), z.literal(60)])
      .default(60)
      .describe(
        "How often CPU, memory and IO wait are measured; 10 costs about 2 USD more a month per server",
      ),
    sshCidrs: z.array(ipBlock()).default([]).describe("Who may connect to the servers directly by SSH"),
    keyName: z.string().optional().describe("The EC2 key pair for SSH"),
    sessionManager: z.boolean().default(false).describe("Opens Session Manager to the servers"),
    logRetentionDays: logRetentionDays("How long the servers' log is kept"),
  },
  [
    ...loadBalancerOptions.rules,
    {
      of: ["minSize", "maxSize"],
      wrong: "maxSize",
      accepted: "minSize or more",
      fit: ({ minSize, maxSize }) => maxSize >= minSize,
    },
    {
      of: ["sshCidrs", "keyName"],
      wrong: "keyName",
      accepted: "an EC2 key pair where sshCidrs lists a block",
      fit: ({ sshCidrs, keyName }) => sshCidrs.length === 0 || keyName !== undefined,
    },
  ],
);

export const webTierOptions = options(
  {
    ...serverOptions.shape,
    ...tracesOptions.shape,
    codeDeploy: z.boolean().default(true).describe("Installs the agent that receives releases"),
  },
  serverOptions.rules,
);

export interface WebTierArgs extends Given<typeof webTierOptions> {
  network: NetworkLike;
  /** The app. */
  image: ImageLike;
  /** A machine image that contains everything. @default Amazon Linux 2023, which fetches the rest when it starts */
  bakedImage?: BakedImageLike;
  /** The database that the servers can reach and sign in to. @default none */
  database?: DatabaseLike;
  /** The bastion that may SSH to the servers. @default none */
  bastion?: BastionLike;
  /** The app's environment variables; pass secrets as ARNs. @default none */
  environment?: Record<string, pulumi.Input<string>>;
  /** Further permissions of the app on AWS. @default nothing */
  permissions?: Permission[];
  /** Protects against deletion, and keeps the access logs when the stack is destroyed. */
  keepData: boolean;
}

/** The app's container image in a repository of this account: our `WebImage`, or one that something else builds. */
export interface ImageLike {
  /** The image's address, by digest. */
  readonly imageUri: pulumi.Input<string>;
  readonly repositoryUrl: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
}

export interface BakedImageLike {
  /** The SSM parameter that holds the newest machine image. */
  readonly imageParameter: pulumi.Input<string>;
}

/** The web servers, as seen by components that configure them or grant them something. */
export interface WebLike {
  readonly roleName: pulumi.Input<string>;
  readonly roleArn: pulumi.Input<string>;
  readonly url: pulumi.Input<string>;
}

export const webImageOptions = options({
  context: z.string().default(".").describe("The folder from which the image is built"),
  dockerfile: z
    .string()
    .optional()
    .describe("The Dockerfile; `webapp/Dockerfile` in the context if left out"),
  keepImages: whole(2, 1_000).default(20).describe("How many images are kept"),
  builder: z
    .enum(["docker", "codebuild"])
    .default("docker")
    .describe(
      "What builds the app's image: `docker`, which must run where `pulumi up` runs, or `codebuild` in the account",
    ),
  logRetentionDays: logRetentionDays("How long CodeBuild's build logs are kept"),
});

export interface WebImageArgs extends Given<typeof webImageOptions> {
  /** Keeps the images when the stack is destroyed. */
  keepData: boolean;
}

export const bakedImageOptions = options({
  // Six fields, no rate, one of the two day fields open: https://docs.aws.amazon.com/imagebuilder/latest/userguide/cron-expressions.html
  schedule: matching(
    /^cron\(\S+ \S+ (\? \S+ \S+|\S+ \S+ \?) \S+\)$/,
    "cron(minute hour day month weekday year) with ? for one of the days",
  )
    .default("cron(0 3 ? * sun *)")
    .describe("When a new machine image is baked, after the first one; UTC"),
  instanceType: armInstanceType("t4g.small", "The machine that bakes"),
  logRetentionDays: logRetentionDays("How long the logs of the bakes are kept"),
});

export interface BakedImageArgs extends Given<typeof bakedImageOptions> {
  network: NetworkLike;
  /** The app's image, which is pulled into the machine image, like the live release's. */
  image: ImageLike;
}
