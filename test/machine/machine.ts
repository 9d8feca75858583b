import { ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { Net } from "../rig/failover/net";
import { sh } from "../rig/failover/shell";
import { until } from "../../sandbox/problem";
import { PATH } from "./root";
import { STAND_INS } from "./stand-ins";

const HIERARCHIES = ["unified", "systemd", "."].map((name) => path.join("/sys/fs/cgroup", name));
const LIBRARIES = ["usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/systemd"];
const REBOOT = 133; // how systemd-nspawn ends when the machine wants to boot again

export interface MachineOptions {
  disk: string;
  net: Net;
  /** Its name in `net`. */
  name: string;
  folder: string;
  /** Folders and files of this machine that it sees, by its own path. */
  binds?: Record<string, string>;
}

/** A machine with systemd as its first process, a network and a disk of its own; the kernel is this machine's. */
export class Machine {
  /** Its disk, also while it is off. */
  readonly root: string;
  private child: ChildProcess | undefined;
  private readonly layers: string;
  private readonly groups: string[];

  constructor(private readonly options: MachineOptions) {
    this.layers = path.join(options.folder, options.name);
    this.root = path.join(this.layers, "root");
    for (const name of ["root", "upper", "work", "docker"])
      fs.mkdirSync(path.join(this.layers, name), { recursive: true });
    const layers = ["upper", "work"].map((name) => `${name}dir=${path.join(this.layers, name)}`);
    sh("mount", "-t", "overlay", "-o", [`lowerdir=${options.disk}`, ...layers].join(), "overlay", this.root);
    this.groups = HIERARCHIES.filter((folder) => fs.existsSync(path.join(folder, "cgroup.procs"))).map(
      (folder) => path.join(folder, options.net.ns(options.name)),
    );
    fs.writeFileSync(path.join(this.layers, "uuid"), "ec2e1916-9099-7caf-fd21-012345abcdef\n"); // by its ec2 cloud-init knows EC2
    for (const [file, text] of Object.entries(STAND_INS)) this.write(file, text, 0o755);
  }

  write(file: string, text: string, mode = 0o644): void {
    const place = path.join(this.root, file);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, text);
    fs.chmodSync(place, mode);
  }

  async boot(): Promise<void> {
    for (const group of this.groups) fs.mkdirSync(group, { recursive: true });
    const enter = this.groups.map((group) => `echo $$ > ${group}/cgroup.procs`).join(" && ");
    const log = fs.openSync(path.join(this.layers, "console.log"), "a");
    const words = ["--pdeathsig", "KILL", "sh", "-c", `${enter} && exec "$@"`, "sh", ...this.nspawn()];
    this.child = spawn("setpriv", words, {
      stdio: ["ignore", log, log],
      env: {
        PATH,
        // As Amazon Linux has it; and of /proc/sys what belongs to the machine's own network may be written.
        UNIFIED_CGROUP_HIERARCHY: "1",
        SYSTEMD_NSPAWN_API_VFS_WRITABLE: "network",
        SYSTEMD_SECCOMP: "0",
      },
    });
    fs.closeSync(log);
    await this.until("systemd's first answer", "systemctl list-units");
  }

  /** Waits until a command succeeds. */
  async until(what: string, command: string): Promise<void> {
    await until(what, () => this.try(command), {
      wanted: ({ code }) => code === 0,
      seconds: 60,
      everyMs: 200,
    });
  }

  private nspawn(): string[] {
    const { net, name, disk, binds = {} } = this.options;
    const libraries = LIBRARIES.map((folder) => path.join(disk, folder));
    return [
      path.join(libraries[0]!, "ld-linux-x86-64.so.2"),
      ...["--library-path", libraries.join(":"), path.join(disk, "usr/bin/systemd-nspawn")],
      ...["--boot", "--register=no", "--keep-unit", "--console=pipe", `--directory=${this.root}`],
      ...["--capability=all", `--machine=${name}`, `--network-namespace-path=/run/netns/${net.ns(name)}`],
      ...["--resolv-conf=off", "--timezone=off", "--link-journal=no"],
      // Docker's layers cannot lie on an overlay.
      `--bind=${path.join(this.layers, "docker")}:/var/lib/docker`,
      `--bind-ro=${path.join(this.layers, "uuid")}:/sys/hypervisor/uuid`,
      ...Object.entries(binds).map(([inside, outside]) => `--bind=${outside}:${inside}`),
    ];
  }

  /** Waits until cloud-init is through with the user data; its word on it, and where it failed what was printed. */
  async setUp(): Promise<string> {
    await this.try("cloud-init status --wait");
    const { code, output } = await this.try("cloud-init status");
    return code === 0 ? output : `${output}\n${await this.run("tail -n 30 /var/log/cloud-init-output.log")}`;
  }

  /** Ends when the machine is up again, with nothing left of its memory and its network. */
  async reboot(): Promise<void> {
    const ended = once(this.child!, "exit") as Promise<[number | null]>;
    await this.try("systemctl reboot");
    const [code] = await ended;
    if (code !== REBOOT) throw new Error(`the machine must end with ${REBOOT} for a reboot, got ${code}`);
    this.options.net.renew(this.options.name);
    await this.boot();
  }

  /** What a command of the machine's root prints; a failing one throws. */
  async run(command: string): Promise<string> {
    const { code, output } = await this.try(command);
    if (code !== 0) throw new Error(`${command}: ${code}: ${output}`);
    return output;
  }

  try(command: string): Promise<{ code: number; output: string }> {
    const words = ["--all", "--target", String(this.init()), "--", "bash", "-c", command];
    return new Promise((resolve) =>
      execFile("nsenter", words, { env: { PATH } }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code) : 0, output: (stdout + stderr).trim() }),
      ),
    );
  }

  /** Its first process, as this machine numbers it. */
  private init(): string | undefined {
    const children = `/proc/${this.child?.pid}/task/${this.child?.pid}/children`;
    return fs.existsSync(children) ? fs.readFileSync(children, "utf8").trim() : undefined;
  }

  /** Pulls the plug, and takes everything away but the folder. */
  async close(): Promise<void> {
    const init = this.init();
    if (init) {
      const ended = once(this.child!, "exit");
      process.kill(Number(init), "SIGKILL");
      await ended;
    }
    sh("umount", "-l", this.root);
    for (const group of this.groups.filter((folder) => fs.existsSync(folder)))
      sh("find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";");
  }
}
