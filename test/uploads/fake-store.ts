import { createHash } from "node:crypto";
import type { Copied, CopyRequest, Described, Store } from "../../functions/uploads/store";

interface Held {
  versionId: string;
  body: string;
  tags: { Key: string; Value: string }[];
  metadata: Record<string, string>;
}

/** Two buckets in memory, and what may go wrong with each call to them. */
export class FakeStore implements Store {
  readonly normal = new Map<string, Held[]>();
  readonly sensitive = new Map<string, Held[]>();
  readonly calls: string[] = [];
  private versions = 0;

  /** Throws before the call has any effect, or after it had it. */
  fault: (call: string, when: "before" | "after") => void = () => {};

  put(key: string, body: string, tag?: string): string {
    const held = {
      versionId: `v${++this.versions}`,
      body,
      tags: tag ? [{ Key: tag, Value: "" }] : [],
      metadata: { owner: "somebody" },
    };
    this.normal.set(key, [held, ...(this.normal.get(key) ?? [])]);
    return held.versionId;
  }

  history = async (key: string) =>
    this.call("history", () => ({
      versions: (this.normal.get(key) ?? []).map(({ versionId }) => versionId),
      markers: [],
      isDeleted: false,
    }));

  tags = async (key: string, versionId: string) => this.call("tags", () => this.held(key, versionId).tags);

  describe = async (key: string, versionId: string): Promise<Described> =>
    this.call("describe", () => {
      const { body, metadata } = this.held(key, versionId);
      return { size: body.length, headers: {}, metadata, ...proof(body) };
    });

  copy = async ({ key, versionId, metadata, onlyIfAbsent }: CopyRequest): Promise<Copied | undefined> =>
    this.call("copy", () => {
      const there = this.sensitive.get(key) ?? [];
      if (onlyIfAbsent && there.length > 0) return undefined;
      const copy = { ...this.held(key, versionId), metadata, versionId: `s${++this.versions}` };
      this.sensitive.set(key, [copy, ...there]);
      return { versionId: copy.versionId, ...proof(copy.body) };
    });

  sensitiveSize = async (key: string, versionId: string | undefined) =>
    this.call(
      "sensitiveSize",
      () => this.sensitive.get(key)?.find((one) => one.versionId === versionId)?.body.length,
    );

  remove = async (key: string, versionId: string) =>
    this.call("remove", () => {
      const rest = (this.normal.get(key) ?? []).filter((one) => one.versionId !== versionId);
      if (rest.length > 0) this.normal.set(key, rest);
      else this.normal.delete(key);
    });

  hide = async (key: string) => this.call("hide", () => void this.sensitive.delete(key));

  private async call<T>(name: string, work: () => T): Promise<T> {
    this.calls.push(name);
    await Promise.resolve();
    this.fault(name, "before");
    const result = work();
    this.fault(name, "after");
    return result;
  }

  private held(key: string, versionId: string): Held {
    const found = this.normal.get(key)?.find((one) => one.versionId === versionId);
    if (!found) throw new Error(`NoSuchVersion: ${key} ${versionId}`);
    return found;
  }
}

const proof = (body: string) => ({
  etag: "not the content's",
  checksum: {
    algorithm: "SHA256" as const,
    value: createHash("sha256").update(body).digest("base64"),
    composite: false,
  },
});
