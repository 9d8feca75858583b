import * as fs from "node:fs";
// Not the package itself, which would also load its classic components and their Docker. We use neither.
import * as ecr from "@pulumi/awsx/ecr";
import * as pulumi from "@pulumi/pulumi";
import { fill, Complete } from "../shared/options";
import { must, Problem } from "../shared/refusals";
import { ImageLike, WebImageArgs, webImageOptions } from "./args";
import { builtByCodeBuild } from "./image-build";

const PINNED = "pinned-";
/** Far more than the 200 newest releases that the records show: an old commit may be released again, but its image keeps its age. */
const RELEASES = 1_000;

/**
 * The web app's container image, built from its Dockerfile and pushed to a repository that scans it.
 * Costs 0.10 USD a GB and month, and CodeBuild a cent or two for each build. Building needs Docker where `pulumi up` runs, unless
 * CodeBuild builds the image. A build that fails ends the update, and the running version stays.
 */
export class WebImage extends pulumi.ComponentResource implements ImageLike {
  readonly repositoryUrl: pulumi.Output<string>;
  readonly repositoryArn: pulumi.Output<string>;
  /** The image's address, by digest. */
  readonly imageUri: pulumi.Output<string>;

  constructor(name: string, args: WebImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = fill("WebImage", name, webImageOptions, args, sourceProblems);
    const { context, builder, keepImages, keepData, logRetentionDays } = filled;
    const dockerfile = dockerfileOf(filled);
    super("groundwork:index:WebImage", name, {}, opts);
    const parent = { parent: this };
    const repository = new ecr.Repository(
      name,
      {
        forceDelete: !keepData,
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        lifecyclePolicy: {
          rules: [
            // Later rules ignore an image that an earlier rule counts. So these rules keep the images that a server may be told to
            // fetch, however long ago they were pushed.
            kept("live", 1, "The release that runs everywhere"),
            kept(PINNED, 1, "What the last update built: servers start with it"),
            kept("ran-", RELEASES, "What ran everywhere, and can be gone back to"),
            {
              description: "Keeps the newest images",
              tagStatus: "any",
              maximumNumberOfImages: keepImages,
            },
          ],
        },
      },
      { ...parent, protect: keepData },
    );
    // Pulumi's name of the built image is part of the tag, because the program may build another image too.
    const tag = `${PINNED}${name}`;
    const repositoryUrl = repository.url;
    const repositoryArn = repository.repository.arn;
    this.repositoryUrl = repositoryUrl;
    this.repositoryArn = repositoryArn;
    this.imageUri =
      builder === "docker"
        ? new ecr.Image(
            name,
            { repositoryUrl, context, dockerfile, platform: "linux/arm64", imageTag: tag },
            parent,
          ).imageUri
        : builtByCodeBuild(
            `${name}-build`,
            { repositoryUrl, repositoryArn, context, dockerfile, tag, logRetentionDays },
            parent,
          );
    this.registerOutputs({
      repositoryUrl: this.repositoryUrl,
      repositoryArn: this.repositoryArn,
      imageUri: this.imageUri,
    });
  }
}

type Source = Complete<typeof webImageOptions>;

const dockerfileOf = ({ context, dockerfile }: Source) => dockerfile ?? `${context}/webapp/Dockerfile`;

/** Docker itself reports missing files. For CodeBuild, the program checks them. */
function sourceProblems(source: Source): Problem[] {
  if (source.builder === "docker") return [];
  const dockerfile = dockerfileOf(source);
  const [folder, file] = [source.context, dockerfile].map((one) =>
    fs.statSync(one, { throwIfNoEntry: false }),
  );
  const found = must(folder?.isDirectory() ?? false, "context", "a folder", source.context);
  return found.length > 0 ? found : must(file?.isFile() ?? false, "dockerfile", "a file", dockerfile);
}

const kept = (tag: string, images: number, description: string) => ({
  description,
  tagStatus: "tagged" as const,
  tagPrefixList: [tag],
  maximumNumberOfImages: images,
});
