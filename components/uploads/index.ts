export { FileUploads } from "./file-uploads";
export { Mover } from "./mover";
export type { FileUploadsArgs, MoverArgs } from "./args";
