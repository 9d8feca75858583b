export * from "./in-memory";
export * from "./people";
export * from "./scenes";
