// The library's public face: everything that another Pulumi program may build with, an area a file.
export * from "./network";
export * from "./web";
export * from "./database";
export * from "./identity";
export * from "./uploads";
export * from "./delivery";
export * from "./provisioner";
export * from "./operations";
export * from "./shared";
