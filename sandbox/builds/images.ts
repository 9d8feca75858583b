import * as fs from "node:fs";
import * as path from "node:path";
import type { ImageIdentifier } from "@aws-sdk/client-ecr";
import { Use } from "../engine/clients";
import { Paths } from "../paths";
import { Problem } from "../problem";

const LONGEST_NOTE = 100_000;
const DESCRIPTION = "image.json";

/** What the stand-in for Docker (tools/docker.cjs) has built, and how it is run. */
export interface Image {
  /** Its folder, which differs from image to image. */
  folder: string;
  /** What only Docker can build, for an image that it has not built. */
  needs?: string;
  /** Its name in this machine's Docker, which has built it. */
  docker?: string;
  /** Its base here. */
  base?: "node" | "python";
  workdir: string;
  command: string;
  environment: Record<string, string>;
}

/**
 * An image's description in its folder: it comes from a build, so no link is followed.
 * @param docker the name of what Docker built for that build, which the description cannot choose
 */
export function descriptionIn(
  folder: string,
  docker?: string,
): Image & { repository?: string; version?: string } {
  const file = path.join(folder, DESCRIPTION);
  const found = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > LONGEST_NOTE)
    throw new Problem("The build's image has no proper description.");
  const { repository, version, needs, base, workdir, command, environment } = JSON.parse(
    fs.readFileSync(file, "utf8"),
  ) as Partial<Image> & { repository?: string; version?: string };
  return {
    ...{ folder, repository, version },
    ...(needs !== undefined && (docker === undefined ? { needs } : { docker })),
    base: base === "python" ? base : "node",
    workdir: String(workdir),
    command: String(command),
    environment: environment ?? {},
  };
}

/** How often ECR is asked which of its images is the latest. */
const LOOK_MS = 2_000;
/** The tag that a project's servers pull. */
const LATEST = "latest";

/** The images that builds have pushed: a folder each, by digest, and the latest one of each ECR repository. */
export class Images {
  /** By the build that made it. */
  private readonly kept = new Map<string, Image>();
  private readonly latest = new Map<string, Image | undefined>();
  private readonly byDigest = new Map<string, Image>();
  private count = 0;
  private looked = 0;

  constructor(
    private readonly use: Use,
    private readonly paths: Pick<Paths, "images">,
  ) {}

  /**
   * Takes over the image in a build's folder, if it was pushed.
   * @param docker the name of the last one that Docker built for it
   */
  async keep(built: string, buildId: string, docker?: string): Promise<void> {
    if (!fs.lstatSync(built).isDirectory() || !fs.existsSync(path.join(built, DESCRIPTION))) return;
    const { repository, version = LATEST, ...described } = descriptionIn(built, docker);
    // The description comes from the build. ECR, which checks permissions, knows better which build wrote to a repository.
    const { build, digest } = repository ? await this.tagged(repository, version) : {};
    if (!repository || build !== buildId) return;
    const folder = path.join(this.paths.images, String(++this.count));
    fs.mkdirSync(this.paths.images, { recursive: true, mode: 0o711 });
    fs.renameSync(built, folder);
    fs.chmodSync(folder, 0o700);
    // Anything else that a build put there, such as a link, could take the place of a server's own files.
    for (const name of fs.readdirSync(folder))
      if (name !== "root" && name !== DESCRIPTION) fs.rmSync(path.join(folder, name), { recursive: true });
    const image = { ...described, folder };
    this.kept.set(buildId, image);
    this.byDigest.set(`${repository}@${digest}`, image);
    this.latest.set(repository, version === LATEST ? image : this.latest.get(repository));
  }

  /** An earlier image may have become the latest again. */
  async follow(): Promise<void> {
    if (Date.now() - this.looked < LOOK_MS) return;
    this.looked = Date.now();
    for (const repository of this.latest.keys()) {
      const { build } = await this.tagged(repository, LATEST);
      const image = build && this.kept.get(build);
      if (image) this.latest.set(repository, image);
    }
  }

  /** The image with a tag, and the build that made it; neither if there is none any more. */
  private tagged(repository: string, imageTag: string): Promise<{ build?: string; digest?: string }> {
    return this.find(repository, { imageTag });
  }

  /** The build that has pushed an image with this digest. */
  async buildOf(repository: string, imageDigest: string): Promise<string | undefined> {
    return (await this.find(repository, { imageDigest })).build;
  }

  private async find(
    repositoryName: string,
    wanted: ImageIdentifier,
  ): Promise<{ build?: string; digest?: string }> {
    const ecr = await this.use("ecr");
    const { images } = await ecr
      .batchGetImage({ repositoryName, imageIds: [wanted] })
      .catch((error: Error) => {
        if (error.name === "RepositoryNotFoundException") return { images: [] };
        throw error;
      });
    const [image] = images ?? [];
    const manifest = JSON.parse(image?.imageManifest ?? "{}") as { config?: { build?: string } };
    return { build: manifest.config?.build, digest: image?.imageId?.imageDigest };
  }

  /** An image named like a container's: registry/repository@sha256:... */
  named(reference: string): Image | undefined {
    return this.byDigest.get(reference.slice(reference.indexOf("/") + 1));
  }

  of(repository: string): Image | undefined {
    return this.latest.get(repository);
  }
}
