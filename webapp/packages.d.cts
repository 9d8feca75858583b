interface Package {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/** A package.json with what the web app's sources import, and the bundler. */
export function cut(whole: Package, folder?: string): Omit<Package, "devDependencies">;
/** The packages that the TypeScript files under the folder import. */
export function importedBy(folder: string): string[];
