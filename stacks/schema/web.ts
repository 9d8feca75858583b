import { z } from "zod";
import { SCALING_MODES } from "../../components/web/scaling";
import { cidr } from "./cidr";
import { by, comparing, Environment, logDays, matching, whole } from "./environment";
import { sshBlocks } from "./network";

export const webSettings = (environment: Environment) =>
  z
    .strictObject({
      subnets: z
        .enum(["public", "private"])
        .default(by(environment, { dev: "public", prod: "private" }))
        .describe("Where the servers live; private ones go out through the network's egress"),
      instanceType: z
        .string()
        .default(by(environment, { dev: "t4g.micro", prod: "t4g.small" }))
        .describe("The servers, arm64"),
      image: z
        .enum(["amazon-linux", "baked"])
        .default("amazon-linux")
        .describe("The servers' machine image; `baked` has everything in it and is made anew on a schedule"),
      bakeSchedule: matching(/^(cron|rate)\(.+\)$/, "cron(...) or rate(...)")
        .default("cron(0 3 ? * sun *)")
        .describe("When a new machine image is baked, if anything has changed; UTC"),
      minSize: whole(1, 100)
        .default(by(environment, { dev: 1, prod: 2 }))
        .describe("Servers at least"),
      maxSize: whole(1, 100)
        .default(by(environment, { dev: 2, prod: 3 }))
        .describe("Servers at most"),
      scaling: z
        .enum(SCALING_MODES)
        .default("steps")
        .describe(
          "`steps`: one more above 60 % of CPU, one less below 40 %, each for 2 minutes; `target`: holds a share",
        ),
      targetCpuPercent: whole(1, 99).default(30).describe("The share of CPU that `target` holds"),
      metricsSeconds: z
        .union([z.literal(10), z.literal(60)])
        .default(60)
        .describe("How often CPU, memory and IO wait are measured"),
      httpPort: whole(1, 65_535)
        .default(80)
        .describe("Plain HTTP; it only redirects where there is a domain"),
      appPort: whole(1_024, 65_535).default(8080).describe("The port of the servers"),
      clientCidrs: z.array(cidr).min(1).default(["0.0.0.0/0"]).describe("Who gets in"),
      healthCheckSeconds: whole(5, 300)
        .default(30)
        .describe("How often a server is asked whether it is well"),
      deregistrationSeconds: whole(0, 3_600)
        .default(20)
        .describe("How long a leaving server may finish its requests"),
      domainName: z.hostname().optional().describe("The site's name; with it comes HTTPS"),
      zoneName: z
        .hostname()
        .optional()
        .describe("The Route 53 zone that holds the name; its parent when left out"),
      sshCidrs: sshBlocks(environment).default([]).describe("Who may SSH straight to the servers"),
      keyName: z.string().optional().describe("The EC2 key pair for SSH"),
      sessionManager: z
        .boolean()
        .default(by(environment, { dev: false, prod: true }))
        .describe("Opens Session Manager to the servers"),
      logRetentionDays: logDays(environment).describe("How long the servers' logs are kept"),
    })
    .refine((web) => web.maxSize >= web.minSize, {
      path: ["maxSize"],
      message: "minSize or more",
      when: comparing("minSize", "maxSize"),
    })
    .refine((web) => web.sshCidrs.length === 0 || web.keyName !== undefined, {
      path: ["keyName"],
      message: "an EC2 key pair where sshCidrs lists a block",
      when: comparing("sshCidrs", "keyName"),
    })
    .refine((web) => web.zoneName === undefined || `.${web.domainName}`.endsWith(`.${web.zoneName}`), {
      path: ["zoneName"],
      message: "domainName or its end",
      when: comparing("domainName", "zoneName"),
    });
