import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import { BatchGetImageCommand, DescribeImagesCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import { ReconcilePorts, Releases } from "../ports";
import { KEPT } from "../releases";
import { named } from "../../shared/is-named";

/** The tag that servers pull when they start. */
const RUNS = "latest";
/** One tag for each kept release: the repository's lifecycle rules spare images with such a tag. */
const PLACES = Array.from({ length: KEPT }, (_, place) => `kept-${place}`);

export function releasesIn(ecr: ECRClient, autoscaling: AutoScalingClient): Releases {
  /** Returns whether it could: not if the image is gone. */
  async function tag(repositoryName: string, imageDigest: string, imageTag: string): Promise<boolean> {
    const imageIds = [{ imageDigest }];
    const { images } = await ecr.send(new BatchGetImageCommand({ repositoryName, imageIds }));
    const { imageManifest, imageManifestMediaType } = images?.[0] ?? {};
    if (!imageManifest) return false;
    const image = { repositoryName, imageTag, imageDigest, imageManifest, imageManifestMediaType };
    await unless("ImageAlreadyExistsException", ecr.send(new PutImageCommand(image)));
    return true;
  }
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
    keep: async (repositoryName, releases) => {
      // One page of a hundred holds them all: the repository's rules leave a dozen.
      const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
      const there = releases.filter((one) => imageDetails.some(({ imageDigest }) => imageDigest === one));
      const inPlace = (place: string) =>
        imageDetails.find(({ imageTags }) => imageTags?.includes(place))?.imageDigest;
      const has = PLACES.map(inPlace);
      // A release without a tag takes the tag of one that was given up.
      const free = PLACES.filter((_, place) => !there.includes(has[place]!));
      for (const release of there)
        if (!has.includes(release)) await tag(repositoryName, release, free.pop()!);
      return there;
    },
    restore: async (repositoryName, imageDigest, AutoScalingGroupName) => {
      if (!(await tag(repositoryName, imageDigest, RUNS))) return "gone";
      // Servers of a release that does not serve are not waited for.
      const Preferences = { MinHealthyPercentage: 0, InstanceWarmup: 180 };
      const refresh = new StartInstanceRefreshCommand({ AutoScalingGroupName, Preferences });
      await unless("InstanceRefreshInProgressFault", autoscaling.send(refresh));
      return "started";
    },
  };
}

/** A repeated call finds its work already done. */
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
