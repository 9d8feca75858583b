import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { spawn } from "node:child_process";
import { writeReport } from "../node-report";
import { Agent } from "./agent";
import type { Cloud } from "./cloud";
import { healthBeside } from "../backup/restoring";
import { AgentConfig, log } from "./config";
import { checkpoint, health } from "./health";
import { LeaseStore } from "./lease-store";
import { keepAdvertised } from "./advertised";
import { fillSecret } from "./first-secret";
import { keepPassword } from "./password";
import type { SecretPorts } from "./password-ports";

/** Runs the agent on the real services until it is told to leave. */
export async function runAgent(config: AgentConfig): Promise<void> {
  // One attempt each: the protocol decides when to ask again, and a late answer is useless to it.
  const dynamo = new DynamoDBClient({ region: config.region, maxAttempts: 1 });
  let loading: Promise<Cloud> | undefined;
  // EC2's client takes as long to load as everything else, and a restarted agent must renew a lease first.
  const cloud = () => (loading ??= import("./cloud.js").then(({ connect }) => connect(config)));
  let opening: Promise<SecretPorts> | undefined;
  const passwords = () =>
    (opening ??= import("./password-ports.js").then(({ passwordPorts }) => passwordPorts(config)));
  const agent = new Agent(config, {
    store: new LeaseStore(dynamo, config.table, config.key, 2 * config.timing.renewMs),
    cloud: {
      acceptVirtualIp: async () => (await cloud()).acceptVirtualIp(),
      route: async () => (await cloud()).route(),
      fence: async (node) => (await cloud()).fence(node),
    },
    health: () => healthBeside(config.runDir, () => health(config.runDir, config.port, config.user)),
    checkpoint: () => checkpoint(config.runDir, config.port, config.user),
    tryData: () => succeeds(["timeout", "--signal=KILL", "30", ...config.try]),
    report: (ready) => writeReport(dynamo, config.table, config.node, { ready, at: Date.now() }),
    keepPassword: async (now) => {
      const ports = await passwords();
      if (!(await ports.filled())) return fillSecret(ports);
      await keepAdvertised(ports);
      return keepPassword(ports, config.password, now);
    },
  });
  process.on("SIGTERM", () => agent.leave());
  process.on("SIGINT", () => agent.leave());
  process.on("SIGHUP", () => agent.changePassword());
  log("agent starts", { node: config.node });
  await agent.run();
  log("agent ends");
  process.exit(0);
}

function succeeds([command, ...words]: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command!, words, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  });
}

/** The lease for a person's commands. */
export function leaseStore(table: string, region: string, key: string): LeaseStore {
  return new LeaseStore(new DynamoDBClient({ region }), table, key, 5000);
}
