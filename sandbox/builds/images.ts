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
  /** What it stands on here. */
  base?: "node" | "python";
  workdir: string;
  command: string;
  environment: Record<string, string>;
}

/** As often as ECR is asked which of its images is the latest. */
const LOOK_MS = 2_000;

/** The images that builds have pushed, and which of each repository of ECR is the latest. */
export class Images {
  /** By the build that made it. */
  private readonly kept = new Map<string, Image>();
  private readonly latest = new Map<string, Image>();
  private count = 0;
  private looked = 0;

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
    const { repository, needs, base, workdir, command, environment } = JSON.parse(
      fs.readFileSync(file, "utf8"),
    ) as Partial<Image> & { repository?: string };
    // The description is the build's own word. ECR, whose rights are judged, knows better which build wrote to a repository.
    if (!repository || (await this.builtBy(repository)) !== buildId) return;
    const folder = path.join(this.paths.images, String(++this.count));
    fs.mkdirSync(this.paths.images, { recursive: true, mode: 0o711 });
    fs.renameSync(built, folder);
    fs.chmodSync(folder, 0o700);
    const image: Image = {
      folder,
      needs,
      base: base === "python" ? base : "node",
      workdir: String(workdir),
      command: String(command),
      environment: environment ?? {},
    };
    this.kept.set(buildId, image);
    this.latest.set(repository, image);
  }

  /** An image of before may have become the latest again. */
  async follow(): Promise<void> {
    if (Date.now() - this.looked < LOOK_MS) return;
    this.looked = Date.now();
    for (const repository of this.latest.keys()) {
      const image = this.kept.get((await this.builtBy(repository)) ?? "");
      if (image) this.latest.set(repository, image);
    }
  }

  /** The build whose image has the tag that servers fetch; undefined where there is none any more. */
  private async builtBy(repositoryName: string): Promise<string | undefined> {
    const ecr = await this.use("ecr");
    const { images } = await ecr
      .batchGetImage({ repositoryName, imageIds: [{ imageTag: "latest" }] })
      .catch((error: Error) => {
        if (error.name === "RepositoryNotFoundException") return { images: [] };
        throw error;
      });
    const manifest = JSON.parse(images?.[0]?.imageManifest ?? "{}") as { config?: { build?: string } };
    return manifest.config?.build;
  }

  of(repository: string): Image | undefined {
    return this.latest.get(repository);
  }
}
