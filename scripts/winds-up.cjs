// Loaded into npm's start script of the Pulumi CLI, which would otherwise end at a Ctrl-C: the CLI gets it too, and shuts down in order.
process.on("SIGINT", () => {});
