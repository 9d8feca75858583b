import { strict as assert } from "node:assert";
import { ec2Images } from "../../../functions/web/ec2-images";
import { clearOldImages, ImagesEvent, MachineImage } from "../../../functions/web/old-images";
import { awsError, recordedClient } from "../recorded-client";

const image = (day: number): MachineImage => ({
  id: `ami-${day}`,
  createdAt: `2026-01-0${day}T03:00:00.000Z`,
  snapshotIds: [`snap-${day}`],
});

async function cleared(event: ImagesEvent, kept: number, days: number[]) {
  const gone: string[] = [];
  const ports = {
    list: async () => days.map(image),
    remove: async ({ id }: MachineImage) => void gone.push(id),
  };
  const { removed } = await clearOldImages(event, ports, kept);
  assert.deepEqual(removed, gone);
  return gone;
}

describe("the cleanup of old machine images", () => {
  it("keeps the newest, in whatever order EC2 lists them", async () => {
    assert.deepEqual(await cleared({}, 3, [2, 5, 1, 4, 3]), ["ami-2", "ami-1"]);
    assert.deepEqual(await cleared({}, 3, [2, 1]), []);
  });

  it("keeps them also when the stack is created or changed, and none when it is deleted", async () => {
    for (const action of ["create", "update"] as const)
      assert.deepEqual(await cleared({ tf: { action } }, 1, [1, 2]), ["ami-1"]);
    assert.deepEqual(await cleared({ tf: { action: "delete" } }, 1, [1, 2]), ["ami-2", "ami-1"]);
  });
});

describe("machine images in EC2", () => {
  it("are the account's own with the tag, with their snapshots", async () => {
    const { client, calls } = recordedClient({
      DescribeImages: {
        Images: [
          {
            ImageId: "ami-1",
            CreationDate: "2026-01-01T03:00:00.000Z",
            BlockDeviceMappings: [{ Ebs: { SnapshotId: "snap-1" } }, { VirtualName: "ephemeral0" }],
          },
        ],
      },
    });
    assert.deepEqual(await ec2Images(client, "tag", "value").list(), [image(1)]);
    assert.deepEqual(calls, [
      ["DescribeImages", { Owners: ["self"], Filters: [{ Name: "tag:tag", Values: ["value"] }] }],
    ]);
  });

  it("are none if EC2 lists none, and count as oldest without a creation date", async () => {
    const listed = (answer: object) =>
      ec2Images(recordedClient({ DescribeImages: answer }).client, "tag", "value").list();
    assert.deepEqual(await listed({}), []);
    assert.deepEqual(await listed({ Images: [{ ImageId: "ami-1" }] }), [
      { id: "ami-1", createdAt: "", snapshotIds: [] },
    ]);
  });

  it("are deleted before their snapshots, which EC2 keeps as long as an image needs them", async () => {
    const { client, calls } = recordedClient();
    await ec2Images(client, "tag", "value").remove({ ...image(1), snapshotIds: ["snap-1", "snap-2"] });
    assert.deepEqual(calls, [
      ["DeregisterImage", { ImageId: "ami-1" }],
      ["DeleteSnapshot", { SnapshotId: "snap-1" }],
      ["DeleteSnapshot", { SnapshotId: "snap-2" }],
    ]);
  });

  it("keep their snapshots if they cannot be deleted", async () => {
    const { client, calls } = recordedClient({ DeregisterImage: awsError("UnauthorizedOperation") });
    await assert.rejects(ec2Images(client, "tag", "value").remove(image(1)), {
      name: "UnauthorizedOperation",
    });
    assert.equal(calls.length, 1);
  });
});
