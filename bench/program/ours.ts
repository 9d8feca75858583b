// One run in a process of its own: node ours.ts whole|network-web. The last line tells what it took.
import "../../scripts/lean-pulumi.cjs"; // before Pulumi, as main.cjs does
import { platform } from "../../stacks/platform";
import { readSettings } from "../../stacks/settings";
import { run, runStack } from "../../test/harness";
import { report } from "./report";

/** The same settings as those of the peer. */
const NETWORK_AND_WEB = {
  environment: "prod",
  network: { zones: ["a", "b", "c"] },
  web: { domainName: "www.example.com", zoneName: "example.com", scaling: "target" },
};

async function main(): Promise<void> {
  const settings = Object.fromEntries(
    Object.entries(NETWORK_AND_WEB).map(([key, value]) => [
      `groundwork:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const { resources } =
    process.argv[2] === "whole"
      ? await runStack("prod")
      : await run(() => platform(readSettings("prod", settings)), { stack: "prod" });
  report(resources.filter((r) => r.custom || r.type.startsWith("awsx:")).length);
}

void main();
