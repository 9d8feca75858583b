import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { AgentConfig, NODE_SCRIPTS, NodeDescription, NodeScript } from "../program";
import { DatabaseInstallation } from "./installation";

const tools = path.join(__dirname, "tools");

/** What this machine cannot install by itself: without one of these a plain PostgreSQL replaces the nodes. */
const NEEDED = ["bash", "setpriv", "flock", "openssl", "awk"];

export interface Machine {
  /** Starts guard and agent, and restarts them. */
  command: string[];
  config: AgentConfig;
  environment: Record<string, string>;
}

export interface MachineOptions {
  id: string;
  node: NodeDescription;
  sockets: string;
  installation: DatabaseInstallation;
  port: number;
  agent: Uint8Array;
  log: string;
}

/** The system tools that database nodes need and this machine lacks. */
export function missingTools(): string[] {
  if (process.platform !== "linux") return NEEDED;
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  return NEEDED.filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))));
}

/**
 * Writes what a node's user data would write, into a folder of this machine: the scripts unchanged, the configuration with
 * the folders, port and addresses that stand for the node's own.
 */
export function writeMachine(options: MachineOptions): Machine {
  const { id, node, sockets, installation, port, agent, log } = options;
  const { user, bin } = installation;
  const at = (name: string) => path.join(installation.nodes, id, name);
  const shared = path.join(installation.folder, "shared");
  for (const one of [shared, sockets, at("bin")]) fs.mkdirSync(one, { recursive: true });
  if (user.uid !== undefined) for (const one of [shared, sockets]) fs.chownSync(one, user.uid, user.gid!);

  for (const name of NODE_SCRIPTS) fs.writeFileSync(at(name), node.script(name), { mode: 0o755 });
  for (const name of toolsFor(user.uid !== undefined))
    fs.copyFileSync(path.join(tools, name), at(`bin/${name}`));
  fs.writeFileSync(at("agent.cjs"), checked(agent, node.agent.sha256));
  fs.writeFileSync(at("ident.conf"), `host root postgres\nhost ${os.userInfo().username} postgres\n`);
  const variables = {
    ...node.variables,
    MOUNT: at("data"),
    RUN_DIR: sockets,
    PG_BIN: at("bin"),
    PG_UID: String(user.uid ?? process.getuid!()),
    PG_GID: String(user.gid ?? process.getgid!()),
    CLIENT_CIDR: "127.0.0.0/8",
    VIRTUAL_IP: "127.0.0.1",
    // The sandbox does not install pgBackRest.
    ARCHIVE: "",
    RESTORE_FROM: "",
  };
  fs.writeFileSync(
    at("database.env"),
    Object.entries(variables)
      .map(([name, value]) => `${name}=${quoted(value)}\n`)
      .join(""),
  );
  const script = (name: NodeScript) => [at(name), at("database.env")];
  const config: AgentConfig = {
    ...node.config,
    node: id,
    runDir: sockets,
    port,
    attach: script("attach"),
    try: script("try"),
    start: script("start"),
    detach: script("detach"),
  };
  fs.writeFileSync(at("database.json"), JSON.stringify(config));
  return {
    command: [path.join(tools, "supervise.sh"), process.execPath, at("agent.cjs"), at("database.json"), log],
    config,
    environment: {
      PATH: [at("bin"), process.env["PATH"]].join(path.delimiter),
      GROUNDWORK_NODE_BINARY: process.execPath,
      GROUNDWORK_TOOLS: tools,
      GROUNDWORK_SHARED: shared,
      GROUNDWORK_POSTGRES: bin,
      GROUNDWORK_PORT: String(port),
      GROUNDWORK_IDENT: at("ident.conf"),
    },
  };
}

/** The copy of the secret's text that outlives the emulators, beside the data that it opens. */
export const keptSecret = ({ folder }: DatabaseInstallation) => path.join(folder, "secret.json");

function toolsFor(root: boolean): string[] {
  const own = root ? ["setpriv"] : [];
  return fs.readdirSync(tools).filter((name) => !name.includes(".") && !own.includes(name));
}

function checked(content: Uint8Array, sha256: string): Uint8Array {
  const found = createHash("sha256").update(content).digest("hex");
  if (found !== sha256) throw new Error(`the agent must have the sum ${sha256}, got ${found}`);
  return content;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
