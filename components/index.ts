// The library's public API: everything that another Pulumi program can build with, one file per area.
export * from "./network";
export * from "./web";
export * from "./database";
export * from "./identity";
export * from "./uploads";
export * from "./delivery";
export * from "./provisioner";
export * from "./operations";
export * from "./shared";
