// The reporter closes with "N passed, N failed", which a continuous-integration service can read.
module.exports = {
  require: ["./scripts/loader.cjs"],
  extension: ["ts"],
  timeout: 60_000,
  reporter: "test/reporter.cjs",
};
