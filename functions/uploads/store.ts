/** The checksums that S3 keeps for objects. */
export type Algorithm = "CRC64NVME" | "CRC32" | "CRC32C" | "SHA256" | "SHA1";

/** What the bucket that objects are moved from holds for one key. */
export interface History {
  /** Their ids, newest first. */
  versions: string[];
  /** Delete markers: they have no content. */
  markers: string[];
  /** Whether the key is deleted: its newest entry is a marker. */
  isDeleted: boolean;
}

/** What S3 reports about an object's bytes, enough to compare two objects without reading them. */
export interface Proof {
  etag?: string;
  checksum?: { algorithm: Algorithm; value: string; composite: boolean };
}

export interface Described extends Proof {
  size: number;
  /** Content type, cache control and the like, in the terms of S3's own requests. */
  headers: Record<string, unknown>;
  metadata: Record<string, string>;
}

export interface Copied extends Proof {
  versionId?: string;
}

export interface CopyRequest {
  key: string;
  versionId: string;
  source: Described;
  /** The user metadata that the copy gets. */
  metadata: Record<string, string>;
  /** Refuses to write if the sensitive bucket already has the key. */
  onlyIfAbsent: boolean;
}

/** The two buckets, as the mover needs them: in the sensitive one it can neither read nor delete, except by a marker. */
export interface Store {
  history(key: string): Promise<History>;
  tags(key: string, versionId: string): Promise<{ Key?: string; Value?: string }[]>;
  describe(key: string, versionId: string): Promise<Described>;
  /** Undefined if the key already exists and `onlyIfAbsent` forbids the write. */
  copy(request: CopyRequest): Promise<Copied | undefined>;
  /** The size of one version in the sensitive bucket, if it exists. */
  sensitiveSize(key: string, versionId: string | undefined): Promise<number | undefined>;
  remove(key: string, versionId: string): Promise<void>;
  /** Marks the key as deleted in the sensitive bucket; the moved versions stay below the marker. */
  hide(key: string): Promise<void>;
}
