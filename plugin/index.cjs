// The plugin's sources, loaded as the program's are: Pulumi's own TypeScript would judge them by options that are not ours.
require("../scripts/loader.cjs");
require("./index.ts");
