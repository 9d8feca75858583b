export interface MusterPorts {
  /** Running database instances of this VPC. */
  running(): Promise<string[]>;
  /** Whether a node has said lately that it could serve, or does. */
  isReady(node: string): Promise<boolean>;
  /** Lets a node into its group that is still held back by its launch. */
  admit(nodes: string[]): Promise<void>;
  metric(name: string, value: number): void;
}

/**
 * Counts the nodes that are ready, and lets new ones into their group then and no sooner: an update that makes nodes which never
 * get ready ends at the first, beside the one that serves.
 */
export async function muster(ports: MusterPorts): Promise<string[]> {
  const running = await ports.running();
  const answers = await Promise.all(running.map((node) => ports.isReady(node)));
  const ready = running.filter((_, i) => answers[i]);
  ports.metric("DatabaseReady", ready.length);
  if (ready.length > 0) await ports.admit(ready);
  return ready;
}
