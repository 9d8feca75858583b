import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import dockerignore from "@balena/dockerignore";
import * as pulumi from "@pulumi/pulumi";
import { BUILD_SCRIPT } from "./image-build-script";

export interface BuildContext {
  /** Everything that a build reads, including the script that runs it. */
  archive: pulumi.asset.Archive;
  /** Changes with any of the files. */
  sha256: string;
}

/** The files of a folder that Docker would read, for a build elsewhere. */
export function buildContext(context: string, dockerfile: string): BuildContext {
  const files = wantedFiles(context, dockerfile);
  // A Pulumi archive stores no file modes.
  const programs = files.filter((file) => fs.statSync(path.join(context, file)).mode & 0o100);
  const written: Record<string, string> = {
    "build.sh": BUILD_SCRIPT,
    ...(programs.length > 0 && { programs: programs.map((file) => `${file}\n`).join("") }),
    // Docker prefers this file to the context's own. The archive leaves out unwanted files already.
    "Dockerfile.dockerignore": "# Everything is wanted\n",
  };
  const taken: Record<string, string> = {
    Dockerfile: dockerfile,
    ...Object.fromEntries(files.map((file) => [`context/${file}`, path.join(context, file)])),
  };
  return {
    archive: new pulumi.asset.AssetArchive({
      ...mapValues(written, (text) => new pulumi.asset.StringAsset(text)),
      ...mapValues(taken, (file) => new pulumi.asset.FileAsset(file)),
    }),
    sha256: sumOf({ ...written, ...mapValues(taken, (file) => sumOf(fs.readFileSync(file))) }),
  };
}

/** Applies the Dockerfile's own ignore file, or else the context's. Paths use slashes and are sorted. */
function wantedFiles(context: string, dockerfile: string): string[] {
  const lists = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")];
  const list = lists.find((file) => fs.existsSync(file));
  const text = list ? fs.readFileSync(list, "utf8") : "";
  const ignore = dockerignore({ ignorecase: false }).add(text);
  const exceptions = text.split("\n").flatMap((line) => /^!\/?(.*?)\/?\s*$/.exec(line)?.[1] ?? []);
  // An ignored folder may contain a file that is not ignored.
  const mayHold = (folder: string) =>
    exceptions.some((one) => /[*?[]/.test(one) || `${one}/`.startsWith(`${folder}/`));

  const below = (folder: string): string[] =>
    fs.readdirSync(path.join(context, folder)).flatMap((name) => {
      const file = folder ? `${folder}/${name}` : name;
      const ignored = ignore.ignores(file);
      if (!fs.lstatSync(path.join(context, file)).isDirectory()) return ignored ? [] : [checked(file)];
      return ignored && !mayHold(file) ? [] : below(file);
    });
  /** In the build, a link would point elsewhere or nowhere. */
  const checked = (file: string): string => {
    if (fs.lstatSync(path.join(context, file)).isFile()) return file;
    throw new Error(
      `CodeBuild accepts only files and folders, and ${path.join(context, file)} is neither: put it into ${list ?? lists[1]}, or build with Docker.`,
    );
  };
  return below("").sort();
}

const sumOf = (what: Record<string, string> | Buffer): string =>
  createHash("sha256")
    .update(Buffer.isBuffer(what) ? what : JSON.stringify(Object.entries(what)))
    .digest("hex");

const mapValues = <T, U>(of: Record<string, T>, to: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [key, to(value)]));
