import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { zipSync } from "fflate";
import { root } from "../paths";

type Files = Record<string, Uint8Array>;
const encoder = new TextEncoder();

/** The zip that Pulumi's engine would upload for an archive, with the program's own files byte for byte. */
export async function zipOf(archive: unknown): Promise<Uint8Array> {
  if (archive instanceof pulumi.asset.FileArchive) {
    const file = path.resolve(root, await archive.path);
    if (fs.statSync(file).isFile()) return fs.readFileSync(file);
  }
  const files: Files = {};
  await add(files, "", archive);
  const names = Object.keys(files).sort(); // the same content gives the same bytes
  return zipSync(
    Object.fromEntries(names.map((name) => [name, [files[name]!, { mtime: "1980-01-01T12:00:00" }]])),
  );
}

/** The bytes of a single asset. */
export async function bytesOf(asset: unknown): Promise<Uint8Array> {
  if (asset instanceof pulumi.asset.StringAsset) return encoder.encode(await asset.text);
  if (asset instanceof pulumi.asset.FileAsset) return fs.readFileSync(path.resolve(root, await asset.path));
  if (pulumi.asset.Archive.isInstance(asset)) return zipOf(asset);
  throw new Error(`${kindOf(asset)} cannot be read here: a StringAsset or a FileAsset can`);
}

async function add(files: Files, at: string, content: unknown): Promise<void> {
  if (content instanceof pulumi.asset.AssetArchive) {
    for (const [name, one] of Object.entries(await content.assets))
      await add(files, path.posix.join(at, name), one);
  } else if (content instanceof pulumi.asset.FileArchive) {
    addFolder(files, at, path.resolve(root, await content.path));
  } else {
    files[at] = await bytesOf(content);
  }
}

function addFolder(files: Files, at: string, folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const [name, file] = [path.posix.join(at, entry.name), path.join(folder, entry.name)];
    if (entry.isDirectory()) addFolder(files, name, file);
    else files[name] = fs.readFileSync(file);
  }
}

const kindOf = (value: unknown) => (value as object | undefined)?.constructor?.name ?? typeof value;
