import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EC2Client } from "@aws-sdk/client-ec2";
import { Agent } from "./agent";
import { Cloud } from "./cloud";
import { AgentConfig, log } from "./config";
import { answers, checkpoint } from "./health";
import { LeaseStore } from "./lease-store";

/** The agent on the real services, until it is told to leave. */
export async function runAgent(config: AgentConfig): Promise<void> {
  // One try each: the protocol has its own idea of when to ask again, and a late answer is worth nothing to it.
  const dynamo = new DynamoDBClient({ region: config.region, maxAttempts: 1 });
  const ec2 = new EC2Client({ region: config.region, maxAttempts: 2 });
  const agent = new Agent(config, {
    store: new LeaseStore(dynamo, config.table, config.key, 2 * config.timing.renewMs),
    cloud: new Cloud(ec2, config.node, config.virtualIp, config.vpc),
    answers: () => answers(config.runDir, config.port, config.user),
    checkpoint: () => checkpoint(config.runDir, config.port, config.user),
  });
  process.on("SIGTERM", () => agent.leave());
  process.on("SIGINT", () => agent.leave());
  log("agent starts", { node: config.node });
  await agent.run();
  log("agent ends");
  process.exit(0);
}

/** The lease for a person's commands. */
export function leaseStore(table: string, region: string, key: string): LeaseStore {
  return new LeaseStore(new DynamoDBClient({ region }), table, key, 5000);
}
