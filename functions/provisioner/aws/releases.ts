import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import { BatchGetImageCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { ReconcilePorts, Releases } from "../ports";
import { named } from "../../shared/is-named";

/** The tag that servers fetch when they start. */
const RUNS = "latest";

export function releasesIn(ecr: ECRClient, autoscaling: AutoScalingClient): Releases {
  return {
    current: async (repositoryName) => {
      try {
        const imageIds = [{ imageTag: RUNS }];
        const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds }));
        return imageDetails?.[0]?.imageDigest;
      } catch (error) {
        if (named(error, "ImageNotFoundException")) return undefined;
        throw error;
      }
    },
    restore: async (repositoryName, imageDigest, AutoScalingGroupName) => {
      const imageIds = [{ imageDigest }];
      const { images } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
      const { imageManifest, imageManifestMediaType } = images?.[0] ?? {};
      if (!imageManifest) return "gone";
      const image = { repositoryName, imageTag: RUNS, imageDigest, imageManifest, imageManifestMediaType };
      await unless("ImageAlreadyExistsException", ecr.send(new PutImageCommand(image)));
      // The servers of a release that does not serve are not waited for.
      const Preferences = { MinHealthyPercentage: 0, InstanceWarmup: 180 };
      const refresh = new StartInstanceRefreshCommand({ AutoScalingGroupName, Preferences });
      await unless("InstanceRefreshInProgressFault", autoscaling.send(refresh));
      return "started";
    },
  };
}

/** A repeated call finds done what it asks for. */
async function unless(name: string, call: Promise<unknown>): Promise<void> {
  await call.catch((error: unknown) => {
    if (!named(error, name, name.replace(/Fault$/, ""))) throw error;
  });
}

export function replacingIn(client: AutoScalingClient): ReconcilePorts["replacing"] {
  return async (AutoScalingGroupName) => {
    const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName, MaxRecords: 1 });
    const { InstanceRefreshes } = await client.send(command);
    const status = InstanceRefreshes?.[0]?.Status;
    if (status === "Successful") return "done";
    return /Failed|^Cancelled|Successful$/.test(status ?? "") ? "failed" : "running";
  };
}
