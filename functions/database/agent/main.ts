import type { LeaseStore } from "./lease-store";
import { log, readConfig } from "./config";

const usage = `agent <config>          takes part in the lease and looks after PostgreSQL
guard <config>          owns PostgreSQL, kills it when the lease ends
backup <config>         looks after the backups
drill <config>          restores the newest backup aside, and reads all of it
restore <config> <moment> <folder> <data>        brings the data of a moment back into an empty folder
switchover <table> <region> <key> <instance>     moves PostgreSQL on purpose
confirm-dead <table> <region> <key> <instance> [although-it-runs]   says that a former holder is off
confirm-free <table> <region> <key> <record> <epoch>     says that nobody uses data of another record
`;

// Loaded on demand: the guard stays small and starts at once; only the agent needs the AWS SDK.
async function main([role, ...words]: string[]): Promise<void> {
  if (role === "guard" && words[0])
    return new (await import("./guard.js")).Guard(readConfig(words[0])).listen();
  if (role === "agent" && words[0]) return (await import("./run-agent.js")).runAgent(readConfig(words[0]));
  if (role === "backup" || role === "drill" || role === "restore")
    return (await import("../backup/command.js")).backupCommand(role, words);
  const command = commands[role as keyof typeof commands];
  const [table, region, key, ...rest] = words;
  if (command && table && region && key && rest[0]) {
    const store = (await import("./run-agent.js")).leaseStore(table, region, key);
    return log(role!, { ...(await command(store, { table, region }, rest)) });
  }
  process.stderr.write(usage);
  process.exitCode = 2;
}

interface Place {
  table: string;
  region: string;
}

/** The commands that a person may give. */
const commands = {
  async switchover(store: LeaseStore, { table, region }: Place, [node]: string[]) {
    const { ec2, requireNode } = await import("./nodes.js");
    await requireNode(ec2(region), table, node!);
    return (await import("./switchover.js")).switchover(store, node!);
  },
  async "confirm-dead"(store: LeaseStore, { region }: Place, [node, word]: string[]) {
    const { ec2, instancePorts } = await import("./nodes.js");
    const { confirmDead } = await import("./switchover.js");
    return confirmDead(store, instancePorts(ec2(region)), node!, word === "although-it-runs");
  },
  async "confirm-free"(store: LeaseStore, _: Place, [record, epoch]: string[]) {
    if (!/^\d+$/.test(epoch ?? ""))
      throw new Error(`the epoch must be a whole number, got ${epoch ?? "nothing"}`);
    return (await import("./switchover.js")).confirmFree(store, record!, Number(epoch));
  },
};

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
