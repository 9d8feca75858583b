// What Pulumi runs as the policy pack: its own loader would check the types of all that the rules import.
require("../scripts/loader.cjs");
require("../scripts/lean-pulumi.cjs");
require("./index.ts");
