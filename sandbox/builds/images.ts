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

/** The images that builds have pushed: the latest of each repository of ECR. */
export class Images {
  private readonly latest = new Map<string, Image>();
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
    const { repository, needs, base, workdir, command, environment } = JSON.parse(
      fs.readFileSync(file, "utf8"),
    ) as Partial<Image> & { repository?: string };
    if (!repository || !(await this.wasPushed(repository, buildId))) return;
    const folder = path.join(this.paths.images, String(++this.count));
    fs.mkdirSync(this.paths.images, { recursive: true, mode: 0o711 });
    fs.renameSync(built, folder);
    fs.chmodSync(folder, 0o700);
    this.latest.set(repository, {
      folder,
      needs,
      base: base === "python" ? base : "node",
      workdir: String(workdir),
      command: String(command),
      environment: environment ?? {},
    });
  }

  /** The description is the build's own word. ECR, whose rights are judged, knows better which build wrote to a repository. */
  private async wasPushed(repositoryName: string, buildId: string): Promise<boolean> {
    const ecr = await this.use("ecr");
    const { images } = await ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag: "latest" }] });
    const manifest = JSON.parse(images?.[0]?.imageManifest ?? "{}") as { config?: { build?: string } };
    return manifest.config?.build === buildId;
  }

  of(repository: string): Image | undefined {
    return this.latest.get(repository);
  }
}
