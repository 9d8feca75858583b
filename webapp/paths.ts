import path from "node:path";

// The bundle has the same folder layout as this one: server, workers and public/ side by side (bundle.cjs).
const extension = path.extname(__filename);

export const publicFolder = path.join(__dirname, "public");
export const workerFile = (name: string): string => path.join(__dirname, `${name}${extension}`);
/** What Node needs to load a worker from TypeScript; empty in the bundle. */
export const workerArguments = extension === ".ts" ? ["-r", "ts-node/register/transpile-only"] : [];
