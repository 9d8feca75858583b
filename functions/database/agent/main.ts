import { log, readConfig } from "./config";

const usage = `agent <config>          takes part in the lease and looks after PostgreSQL
guard <config>          owns PostgreSQL, kills it when the lease ends
backup <config>         looks after the backups
drill <config>          restores the newest backup aside, and reads all of it
restore <config> <moment> <folder> <data>        brings the data of a moment back into an empty folder
switchover <table> <region> <key> <instance>     moves PostgreSQL on purpose
confirm-dead <table> <region> <key> <instance>   says that a former holder is off
`;

// Loaded on demand: the guard stays small and starts at once, the AWS SDK is the agent's alone.
async function main([role, ...words]: string[]): Promise<void> {
  if (role === "guard" && words[0])
    return new (await import("./guard.js")).Guard(readConfig(words[0])).listen();
  if (role === "agent" && words[0]) return (await import("./run-agent.js")).runAgent(readConfig(words[0]));
  if (role === "backup" || role === "drill" || role === "restore")
    return (await import("../backup/command.js")).backupCommand(role, words);
  const [table, region, key, node] = words;
  if ((role === "switchover" || role === "confirm-dead") && table && region && key && node) {
    const { confirmDead, switchover } = await import("./switchover.js");
    const store = (await import("./run-agent.js")).leaseStore(table, region, key);
    if (role === "switchover") {
      const { ec2, requireNode } = await import("./nodes.js");
      await requireNode(ec2(region), table, node);
    }
    const lease = await (role === "switchover" ? switchover(store, node) : confirmDead(store, node));
    log(role, { ...lease });
    return;
  }
  process.stderr.write(usage);
  process.exitCode = 2;
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
