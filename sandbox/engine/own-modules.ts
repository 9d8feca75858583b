import { createRequire } from "node:module";
import * as path from "node:path";
import { root } from "../paths";

const load = createRequire(__filename);

/** Loaded modules of the repository: no packages, and nothing of the sandbox itself. */
function ownModules(folder = ""): string[] {
  const inside = path.join(root, folder) + path.sep;
  const kept = ["node_modules", "sandbox", "scripts"].map((name) => path.join(root, name) + path.sep);
  return Object.keys(load.cache).filter(
    (file) => file.startsWith(inside) && !kept.some((one) => file.startsWith(one)),
  );
}

/** The next load of the program reads it from the disk. */
export function forgetOwnModules(): void {
  for (const file of ownModules()) delete load.cache[file];
}

/**
 * A folder's modules as their importers know them: reading one again fills the very object that was imported, so that a function
 * that was declared long ago calls the edited code.
 */
export class Renewable {
  private readonly known: Map<string, Exports>;

  constructor(folder: string) {
    this.known = new Map(ownModules(folder).map((file) => [file, load.cache[file]!.exports as Exports]));
  }

  /** Reads the files again; a failure leaves everything as it was. */
  renew(): void {
    const files = [...this.known.keys()];
    const before = files.map((file) => ({
      file,
      module: load.cache[file],
      values: { ...this.known.get(file) },
    }));
    for (const file of files) delete load.cache[file];
    const restored = this.fillingTheKnown();
    try {
      const fresh = createRequire(__filename); // the one above would keep every module that it ever loaded
      for (const file of files) fresh(file);
    } catch (error) {
      for (const { file, module, values } of before) {
        load.cache[file] = module;
        fill(this.known.get(file)!, values);
      }
      throw error;
    } finally {
      restored();
    }
  }

  private fillingTheKnown(): () => void {
    const { extensions } = load;
    const compile = extensions[".ts"]!;
    extensions[".ts"] = (module, file) => {
      module.exports = this.known.get(file) ?? module.exports;
      compile(module, file);
    };
    return () => (extensions[".ts"] = compile);
  }
}

type Exports = Record<string, unknown>;

function fill(known: Exports, values: Exports): void {
  for (const [name, value] of Object.entries(values))
    if (Object.getOwnPropertyDescriptor(known, name)?.get === undefined) known[name] = value;
}
