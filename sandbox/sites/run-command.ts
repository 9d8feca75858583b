// Run Command, as far as a project's build needs it: one of the project's servers runs the release command in a new image.
import { randomUUID } from "node:crypto";
import { descriptionIn, Image, Images } from "../builds/images";
import { carry, Stranger } from "../builds/enclosure";
import type { BuildRunner } from "../builds/runner";
import { ApiError, jsonApi, Operation } from "../delivery/json-api";
import type { Judge, Rights } from "../delivery/rights";
import { Around } from "../emulator-proxy";
import { ACCOUNT, Endpoints } from "../emulators/endpoints";
import { Use } from "../engine/clients";
import { messageOf, Problem, sleep } from "../problem";
import { ProjectServers } from "./servers";

const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Run Command keeps no more. */
const KEPT = 24_000;
/** A build asks every 15 seconds: the answer waits for an end that comes soon, so that the build learns of it at once. */
const PATIENCE_MS = 20_000;

interface Sent {
  instance: string;
  status: "InProgress" | "Success" | "Failed";
  output: string;
  ended: Promise<void>;
}

export interface RunCommandOptions {
  /** moto, which has the machines, with root's keys. */
  moto: Use;
  builds: Pick<BuildRunner, "get">;
  images: Pick<Images, "buildOf">;
  servers: Pick<ProjectServers, "release" | "stackOf">;
  judge: Judge;
  endpoints: Pick<Endpoints, "region">;
}

/** A proxy for Systems Manager: it executes release commands, and MiniStack everything else. */
export function runCommand({ moto, builds, images, servers, judge, endpoints }: RunCommandOptions): Around {
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${endpoints.region}:${ACCOUNT}:${resource}`;
  const sent = new Map<string, Sent>();

  /** The project that owns this server. */
  async function projectOf(instance: string) {
    const autoscaling = await moto("autoscaling");
    const { AutoScalingInstances: [found] = [] } = await autoscaling.describeAutoScalingInstances({
      InstanceIds: [instance],
    });
    return found && (await servers.stackOf(found.AutoScalingGroupName!));
  }

  async function carryOut(one: Sent, stack: string, repository: string, digest: string): Promise<void> {
    const heard = (text: string) => (one.output = (one.output + text).slice(0, KEPT));
    try {
      const id = await images.buildOf(repository, digest);
      const build = id === undefined ? undefined : builds.get(id);
      if (build?.status !== "IN_PROGRESS") throw new Problem(`There is no image ${digest} that is to come.`);
      const bring = async (folder: string, user: Stranger): Promise<Image> => {
        await carry(build.readImage(), folder, user);
        return descriptionIn(folder, build.inDocker);
      };
      one.status = (await servers.release(stack, bring, heard)) === 0 ? "Success" : "Failed";
    } catch (error) {
      heard(`${messageOf(error)}\n`);
      one.status = "Failed";
    }
  }

  const operations: Record<string, Operation> = {
    SendCommand: async ({ InstanceIds: [instance] = [], Parameters }) => {
      const digest = String(Parameters?.Digest);
      const project = instance && (await projectOf(instance));
      if (!project)
        throw new ApiError("InvalidInstanceId", `Instances [[${instance}]] not in a valid state for account`);
      if (!DIGEST.test(digest))
        throw new ApiError("InvalidParameters", `Digest must be like ${DIGEST.source}, got another text`);
      const CommandId = randomUUID();
      const one: Sent = { instance, status: "InProgress", output: "", ended: Promise.resolve() };
      sent.set(CommandId, one);
      one.ended = carryOut(one, project.stack, project.repository, digest);
      return { Command: { CommandId, Status: "Pending" } };
    },
    GetCommandInvocation: async ({ CommandId, InstanceId }) => {
      const one = sent.get(CommandId);
      if (one?.instance !== InstanceId)
        throw new ApiError("InvocationDoesNotExist", "There is no such command.");
      await Promise.race([one!.ended, sleep(PATIENCE_MS)]);
      const { status: Status, output: StandardOutputContent } = one!;
      return { CommandId, InstanceId, Status, StandardOutputContent };
    },
  };

  /** The server attributes that a condition may check. */
  async function tagsOf(instance: string): Promise<Record<string, string>> {
    const ec2 = await moto("ec2");
    const { Tags = [] } = await ec2.describeTags({ Filters: [{ Name: "resource-id", Values: [instance] }] });
    return Object.fromEntries(Tags.map(({ Key, Value }) => [`ssm:resourceTag/${Key}`, Value!]));
  }

  const rights: Rights = {
    SendCommand: async ({
      DocumentName,
      InstanceIds = [],
    }: {
      DocumentName: string;
      InstanceIds?: string[];
    }) => [
      { action: "ssm:SendCommand", resource: arn("ssm", `document/${DocumentName}`) },
      ...(await Promise.all(
        InstanceIds.map(async (instance) => ({
          action: "ssm:SendCommand",
          resource: arn("ec2", `instance/${instance}`),
          keys: await tagsOf(instance),
        })),
      )),
    ],
    GetCommandInvocation: () => [{ action: "ssm:GetCommandInvocation", resource: "*" }],
  };
  return jsonApi(operations, { rights, judge });
}
