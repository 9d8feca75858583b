export interface MachineImage {
  id: string;
  /** As EC2 writes it, such as 2026-01-02T03:04:05.000Z. */
  createdAt: string;
  snapshotIds: string[];
}

export interface ImagePorts {
  list(): Promise<MachineImage[]>;
  /** Takes the image away, and then what it was stored in. */
  remove(image: MachineImage): Promise<void>;
}

/** A new image is there, or the stack tells what becomes of it. */
export interface ImagesEvent {
  tf?: { action: "create" | "update" | "delete" };
}

/** Keeps the newest images; none of them when the stack goes. Servers that run need theirs no more. */
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
