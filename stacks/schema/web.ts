import { z } from "zod";
import { SCALING_MODES } from "../../components/web/scaling";
import { cidr } from "./cidr";
import { by, Environment, whole } from "./environment";
import { sshBlocks } from "./network";

/** The rules between settings are told along with all else that is wrong, unless there are no settings at all. */
const isObject = ({ value }: { value: unknown }) => typeof value === "object";

export const webSettings = (environment: Environment) =>
  z
    .strictObject({
      /** Where the servers live. */
      subnets: z.enum(["public", "private"]).default(by(environment, { dev: "public", prod: "private" })),
      instanceType: z.string().default(by(environment, { dev: "t4g.micro", prod: "t4g.small" })),
      minSize: whole(1, 100).default(by(environment, { dev: 1, prod: 2 })),
      maxSize: whole(1, 100).default(by(environment, { dev: 2, prod: 3 })),
      scaling: z.enum(SCALING_MODES).default("steps"),
      targetCpuPercent: whole(1, 99).default(30),
      metricsSeconds: z.union([z.literal(10), z.literal(60)]).default(60),
      httpPort: whole(1, 65_535).default(80),
      appPort: whole(1_024, 65_535).default(8080),
      clientCidrs: z.array(cidr).min(1).default(["0.0.0.0/0"]),
      healthCheckSeconds: whole(5, 300).default(30),
      deregistrationSeconds: whole(0, 3_600).default(20),
      /** The site's name; it gets HTTPS. */
      domainName: z.hostname().optional(),
      zoneName: z.hostname().optional(),
      sshCidrs: sshBlocks(environment).default([]),
      keyName: z.string().optional(),
      sessionManager: z.boolean().default(by(environment, { dev: false, prod: true })),
      logRetentionDays: whole(1, 3_653).default(by(environment, { dev: 7, stag: 30, prod: 365 })),
    })
    .refine((web) => web.maxSize >= web.minSize, {
      path: ["maxSize"],
      message: "minSize or more",
      when: isObject,
    })
    .refine((web) => !web.sshCidrs?.length || web.keyName !== undefined, {
      path: ["keyName"],
      message: "an EC2 key pair where sshCidrs lists a block",
      when: isObject,
    })
    .refine((web) => web.zoneName === undefined || web.domainName?.endsWith(`.${web.zoneName}`), {
      path: ["zoneName"],
      message: "the end of domainName",
      when: isObject,
    });
