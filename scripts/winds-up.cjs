// Loaded into npm's start script of the Pulumi CLI, which would otherwise end at a Ctrl-C: the CLI gets the signal as well, and runs until it has
// shut down.
process.on("SIGINT", () => {});
