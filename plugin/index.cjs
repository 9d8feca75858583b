// Loads the plugin's sources as the program's are loaded. Pulumi's own TypeScript would check them with options that are not ours.
require("../scripts/loader.cjs");
require("./index.ts");
