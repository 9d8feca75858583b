import * as fs from "node:fs";
import * as path from "node:path";
import { Use } from "../engine/clients";
import { Paths } from "../paths";
import { Problem } from "../problem";

const LONGEST_NOTE = 100_000;

/** What the stand-in for Docker (tools/docker.cjs) has built, and how it is run. */
export interface Image {
  /** Its folder, which differs from image to image. */
  folder: string;
  /** For one that only Docker can build: what it stands on. */
  needs?: string;
  workdir: string;
  command: string;
  environment: Record<string, string>;
}

/** The images that builds have pushed: a folder each, by digest, and the latest of each repository of ECR. */
export class Images {
  private readonly latest = new Map<string, Image>();
  private readonly byDigest = new Map<string, Image>();
  private count = 0;

  constructor(
    private readonly use: Use,
    private readonly paths: Pick<Paths, "images">,
  ) {}

  /** Takes over the image in a build's folder, if it was pushed. */
  async keep(built: string, buildId: string): Promise<void> {
    const file = path.join(built, "image.json");
    if (!fs.lstatSync(built).isDirectory() || !fs.existsSync(file)) return;
    const found = fs.lstatSync(file);
    if (!found.isFile() || found.size > LONGEST_NOTE)
      throw new Problem("The build's image has no proper description.");
    const {
      repository,
      version = "latest",
      needs,
      workdir,
      command,
      environment,
    } = JSON.parse(fs.readFileSync(file, "utf8")) as Partial<Image> & {
      repository?: string;
      version?: string;
    };
    const digest = repository && (await this.pushedBy(buildId, repository, version));
    if (!digest) return;
    const folder = path.join(this.paths.images, String(++this.count));
    fs.mkdirSync(this.paths.images, { recursive: true, mode: 0o711 });
    fs.renameSync(built, folder);
    fs.chmodSync(folder, 0o700);
    const image = {
      folder,
      needs,
      workdir: String(workdir),
      command: String(command),
      environment: environment ?? {},
    };
    this.latest.set(repository, image);
    this.byDigest.set(`${repository}@${digest}`, image);
  }

  /** The description is the build's own word. ECR, whose rights are judged, knows better which build wrote to a repository. */
  private async pushedBy(
    buildId: string,
    repositoryName: string,
    imageTag: string,
  ): Promise<string | undefined> {
    const ecr = await this.use("ecr");
    const { images } = await ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag }] });
    const manifest = JSON.parse(images?.[0]?.imageManifest ?? "{}") as { config?: { build?: string } };
    return manifest.config?.build === buildId ? images?.[0]?.imageId?.imageDigest : undefined;
  }

  /** One that is named as a container's: registry/repository@sha256:... */
  named(reference: string): Image | undefined {
    return this.byDigest.get(reference.slice(reference.indexOf("/") + 1));
  }

  of(repository: string): Image | undefined {
    return this.latest.get(repository);
  }
}
