// Not the package itself: that loads its classic components and their Docker too, which no program of ours uses.
import * as ecr from "@pulumi/awsx/ecr";
import * as pulumi from "@pulumi/pulumi";
import { fill } from "../shared/options";
import { ImageLike, WebImageArgs, webImageOptions } from "./args";

const PINNED = "pinned-";
/** Far more than a book of releases shows, which are the newest 200: an old commit may be released again, and its image stays old. */
const RELEASES = 1_000;

/**
 * The web app's container image, built from its Dockerfile and pushed to a repository that scans it.
 * Costs 0.10 USD a GB and month. Building needs Docker where `pulumi up` runs.
 */
export class WebImage extends pulumi.ComponentResource implements ImageLike {
  readonly repositoryUrl: pulumi.Output<string>;
  readonly repositoryArn: pulumi.Output<string>;
  /** The image by its digest. */
  readonly imageUri: pulumi.Output<string>;

  constructor(name: string, args: WebImageArgs, opts?: pulumi.ComponentResourceOptions) {
    const { context, dockerfile, keepImages, keepData } = fill("WebImage", name, webImageOptions, args);
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
            // An image that an earlier rule counts is out of the later rules' reach: these keep what a server may be told to
            // fetch, however long ago it was pushed.
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
    const image = new ecr.Image(
      name,
      {
        repositoryUrl: repository.url,
        context,
        dockerfile: dockerfile ?? `${context}/webapp/Dockerfile`,
        platform: "linux/arm64",
        // Pulumi's name of the built image, too: another one of the program has another.
        imageTag: `${PINNED}${name}`,
      },
      parent,
    );
    this.repositoryUrl = repository.url;
    this.repositoryArn = repository.repository.arn;
    this.imageUri = image.imageUri;
    this.registerOutputs({
      repositoryUrl: this.repositoryUrl,
      repositoryArn: this.repositoryArn,
      imageUri: this.imageUri,
    });
  }
}

const kept = (tag: string, images: number, description: string) => ({
  description,
  tagStatus: "tagged" as const,
  tagPrefixList: [tag],
  maximumNumberOfImages: images,
});
