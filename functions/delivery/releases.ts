/** Where CodeDeploy finds what it installs, including the version of the object. */
export interface Bundle {
  bucket: string;
  key: string;
  version?: string;
  eTag?: string;
}

/** What one execution of the pipeline built. */
export interface Release {
  /** The pipeline's execution. */
  id: string;
  commit: string;
  /** The image by its digest, never by a tag. */
  image: string;
  bundle: Bundle;
  /** When it was built, as an ISO time. */
  recordedAt: string;
  /** When it last reached every instance; absent until it has. */
  deployedAt?: string;
}

export interface Releases {
  /** The newest 200, newest first. */
  list(): Promise<Release[]>;
  put(release: Release): Promise<void>;
  markDeployed(release: Release, deployedAt: string): Promise<void>;
}

export const isImage = (image: string) => /^[\w./-]+@sha256:[0-9a-f]{64}$/.test(image);

export const ofBundle = (releases: Release[], bundle: Pick<Bundle, "bucket" | "key"> | undefined) =>
  releases.find((release) => release.bundle.key === bundle?.key && release.bundle.bucket === bundle.bucket);
