// ECR's half of `docker pull`: images by digest, for who knows the password.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import bundleApp from "../../webapp/bundle.cjs";
import { Service } from "./cloud";

const AUTHORIZED = `Basic ${Buffer.from("AWS:password-of-the-registry").toString("base64")}`;
const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

export class Registry {
  private readonly blobs = new Map<string, Buffer>();
  private layer = "";

  /** The last stage of the app's Dockerfile, on this machine's Node.js and its libraries. */
  async build(folder: string): Promise<void> {
    const image = path.join(folder, "image");
    await bundleApp(path.join(image, "app"));
    const put = (from: string, to: string) => {
      fs.mkdirSync(path.dirname(path.join(image, to)), { recursive: true });
      fs.copyFileSync(from, path.join(image, to));
    };
    put(process.execPath, "nodejs/bin/node");
    const libraries = execFileSync("ldd", [process.execPath], { encoding: "utf8" });
    for (const [library] of libraries.matchAll(/\/\S+/g)) put(library, library);
    const tar = execFileSync("tar", ["-C", image, "-c", "."], { maxBuffer: Infinity });
    this.layer = this.keep(tar);
  }

  /** An image of the app; its digest. */
  release(environment: string[]): string {
    const { Env, ...config } = lastStage();
    const setting = {
      architecture: "amd64",
      os: "linux",
      config: { ...config, Env: [...Env, ...environment] },
      rootfs: { type: "layers", diff_ids: [this.layer] },
    };
    const described = (mediaType: string, digest: string) => ({
      mediaType: `application/vnd.docker.${mediaType}`,
      digest,
      size: this.blobs.get(digest)!.length,
    });
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described("container.image.v1+json", this.keep(Buffer.from(JSON.stringify(setting)))),
      layers: [described("image.rootfs.diff.tar", this.layer)],
    };
    return this.keep(Buffer.from(JSON.stringify(manifest)));
  }

  readonly service: Service = ({ path: asked, headers }, response) => {
    if (headers.authorization !== AUTHORIZED)
      return void response.writeHead(401, { "www-authenticate": 'Basic realm="ecr"' }).end();
    if (asked === "/v2/") return void response.end();
    const [, kind, digest = ""] = /^\/v2\/web\/(manifests|blobs)\/(.+)$/.exec(asked) ?? [];
    const blob = this.blobs.get(digest);
    if (!blob) return void response.writeHead(404).end();
    response.setHeader("content-type", kind === "manifests" ? MANIFEST : "application/octet-stream");
    response.setHeader("content-length", blob.length);
    response.end(blob);
  };

  private keep(blob: Buffer): string {
    const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;
    this.blobs.set(digest, blob);
    return digest;
  }
}

/** What the Dockerfile says of how the app runs. */
function lastStage() {
  const file = fs.readFileSync(path.join(__dirname, "../../webapp/Dockerfile"), "utf8");
  const stage = file.slice(file.lastIndexOf("\nFROM "));
  const said = (word: string) => new RegExp(`^${word} (.+)$`, "m").exec(stage)![1]!;
  return {
    Env: said("ENV").split(" "),
    User: said("USER"),
    WorkingDir: said("WORKDIR"),
    Entrypoint: JSON.parse(said("ENTRYPOINT")) as string[],
    Cmd: JSON.parse(said("CMD")) as string[],
  };
}
