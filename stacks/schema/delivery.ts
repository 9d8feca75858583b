import { z } from "zod";
import { SEVERITIES } from "../../components/delivery/delivery";
import { DEPLOYMENTS } from "../../components/delivery/deploy-group";
import { by, Environment, logDays, matching, whole } from "./environment";

const arnOf = (service: string) =>
  matching(new RegExp(`^arn:aws[\\w-]*:(${service}):`), `an ARN of ${service.split("|")[0]!}`);

const previewSettings = () =>
  z.strictObject({
    providerArn: arnOf("iam")
      .optional()
      .describe("The account's identity provider for GitHub, when there is one already"),
    stateBucketArn: arnOf("s3").optional().describe("The bucket that holds Pulumi's state"),
    stateKeyArn: arnOf("kms").optional().describe("The KMS key of the state and its secrets"),
  });

export const deliverySettings = (environment: Environment) =>
  z.strictObject({
    repository: matching(/^[\w.-]+\/[\w.-]+$/, "owner/name on GitHub").describe(
      "The source, as owner/name on GitHub",
    ),
    branch: matching(/^[\w./-]{1,255}$/, "a branch's name")
      .default("main")
      .describe("What is released"),
    connectionArn: arnOf("codeconnections|codestar-connections")
      .optional()
      .describe("A connection to GitHub that somebody has accepted; without, a new one waits for that"),
    startOn: z
      .enum(["request", "push"])
      .default("request")
      .describe("What starts the pipeline after its first run, which its creation starts"),
    whileRunning: z
      .enum(["refuse", "queue"])
      .default("refuse")
      .describe("What a start gets while an execution runs"),
    test: z.boolean().default(true).describe("Runs the repository's own tests before anything is built"),
    approval: z
      .boolean()
      .default(by(environment, { dev: false, stag: false, prod: true }))
      .describe("Waits for somebody's word before a release"),
    deployment: z
      .enum(DEPLOYMENTS)
      .default("in-place")
      .describe("One server after the other, or a whole new group beside the old one"),
    refusedSeverities: z
      .array(z.enum(SEVERITIES))
      .default(["CRITICAL", "HIGH"])
      .describe("An image with a finding of one of these is not released"),
    rollbackAt5xxPerMinute: whole(1, 1_000_000)
      .default(10)
      .describe("So many 5xx answers in a minute, during a deployment, bring the old release back"),
    keptDays: whole(7, 3_650)
      .default(by(environment, { dev: 30, stag: 90, prod: 365 }))
      .describe("How long a release can be gone back to"),
    starterGroup: z
      .string()
      .min(1)
      .optional()
      .describe("The group of the pool whose members may start the pipeline; without, whoever is signed in"),
    adminGroup: z
      .string()
      .min(1)
      .default("admin")
      .describe("The group of the pool whose members may roll back"),
    ratePerSecond: whole(1, 10_000).default(5).describe("Requests a second to the pipeline's API"),
    burst: whole(1, 5_000).default(10).describe("Requests to it at once"),
    logRetentionDays: logDays(environment).describe(
      "How long the logs of builds, API and functions are kept",
    ),
    preview: previewSettings()
      .optional()
      .describe("Lets GitHub's workflows of the repository preview the stack, without keys"),
  });
