export interface MachineImage {
  id: string;
  /** EC2's time, such as 2026-01-02T03:04:05.000Z. */
  createdAt: string;
  snapshotIds: string[];
}

export interface ImagePorts {
  list(): Promise<MachineImage[]>;
  /** Removes the image, and then its snapshots. */
  remove(image: MachineImage): Promise<void>;
}

/** A new image exists, or the stack reports what it does to this resource. */
export interface ImagesEvent {
  tf?: { action: "create" | "update" | "delete" };
}

/** Keeps the newest images; none when the stack is deleted. Running servers no longer need theirs. */
export async function clearOldImages(
  { tf }: ImagesEvent,
  ports: ImagePorts,
  kept: number,
): Promise<{ removed: string[] }> {
  const newestFirst = (await ports.list()).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const old = newestFirst.slice(tf?.action === "delete" ? 0 : kept);
  for (const image of old) await ports.remove(image);
  return { removed: old.map(({ id }) => id) };
}
