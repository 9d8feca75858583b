import path from "node:path";

// The bundle lays out its folder as this one: server, workers and public/ side by side (bundle.cjs).
const extension = path.extname(__filename);

export const publicFolder = path.join(__dirname, "public");
/** Where Swagger UI's own files are; it finds them itself outside the bundle. */
export const documentationFolder = extension === ".ts" ? undefined : path.join(__dirname, "static");
export const workerFile = (name: string): string => path.join(__dirname, `${name}${extension}`);
/** What Node needs to load a worker from TypeScript; nothing in the bundle. */
export const workerArguments = extension === ".ts" ? ["-r", "ts-node/register/transpile-only"] : [];
