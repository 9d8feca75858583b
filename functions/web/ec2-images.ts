import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { ImagePorts } from "./old-images";

/** The account's own machine images with a certain tag. */
export function ec2Images(ec2: EC2Client, tag: string, value: string): ImagePorts {
  return {
    async list() {
      const { Images = [] } = await ec2.send(
        new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: `tag:${tag}`, Values: [value] }] }),
      );
      return Images.map(({ ImageId, CreationDate = "", BlockDeviceMappings = [] }) => ({
        id: ImageId!,
        createdAt: CreationDate,
        snapshotIds: BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
      }));
    },
    async remove({ id, snapshotIds }) {
      // EC2 keeps a snapshot as long as an image uses it.
      await ec2.send(new DeregisterImageCommand({ ImageId: id }));
      for (const SnapshotId of snapshotIds) await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
    },
  };
}
