// Loaded into npm's start of the Pulumi CLI, which would end at a Ctrl-C by itself: the CLI gets it as well, and goes on until it has wound up.
process.on("SIGINT", () => {});
