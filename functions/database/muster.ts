export interface MusterPorts {
  /** Running database instances of this VPC. */
  running(): Promise<string[]>;
  /** Whether a node has reported lately that it serves or could serve. */
  isReady(node: string): Promise<boolean>;
  /** Lets a node into its group that its launch hook still holds back. */
  admit(nodes: string[]): Promise<void>;
  metric(name: string, value: number): void;
}

/**
 * Counts the nodes that are ready, and only then lets new ones into their group: an update whose nodes never get ready stops at
 * the first, beside the one that serves.
 */
export async function muster(ports: MusterPorts): Promise<string[]> {
  const running = await ports.running();
  const answers = await Promise.all(running.map((node) => ports.isReady(node)));
  const ready = running.filter((_, i) => answers[i]);
  ports.metric("DatabaseReady", ready.length);
  if (ready.length > 0) await ports.admit(ready);
  return ready;
}
