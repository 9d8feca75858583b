import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { Use } from "../engine/clients";
import { Server } from "./runner";
import { View } from "./view";

const TICKS_A_SECOND = 100;

/** Reports each server's share of a core as the metric that EC2 would report, per server and averaged over its group. */
export class CpuMetrics {
  private readonly before = new Map<string, { at: number; seconds: number }>();

  constructor(private readonly use: Use) {}

  async put(view: View, servers: Server[]): Promise<void> {
    const Timestamp = new Date();
    const data = servers.flatMap((server) => {
      const percent = this.percentOf(server);
      const group = view.machines.find(({ id }) => id === server.id)?.group;
      if (percent === undefined || !group) return [];
      return [
        { Name: "InstanceId", Value: server.id },
        { Name: "AutoScalingGroupName", Value: group },
      ].map((dimension) => ({
        MetricName: "CPUUtilization",
        Dimensions: [dimension],
        Unit: "Percent" as const,
        Value: percent,
        Timestamp,
      }));
    });
    if (data.length === 0) return;
    const cloudwatch = await this.use("cloudwatch");
    await cloudwatch.putMetricData({ Namespace: "AWS/EC2", MetricData: data });
  }

  private percentOf({ pid, alive }: Server): number | undefined {
    const seconds = alive ? cpuSeconds(pid) : undefined;
    if (seconds === undefined) return undefined;
    const at = performance.now() / 1000;
    const last = this.before.get(String(pid));
    this.before.set(String(pid), { at, seconds });
    if (!last) return undefined;
    return Math.min(100, Math.max(0, ((seconds - last.seconds) / (at - last.at)) * 100));
  }
}

/** The processor time that a process has used, with all its threads. */
function cpuSeconds(pid: number): number | undefined {
  try {
    if (process.platform === "linux") {
      const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    }
    const text = execFileSync("ps", ["-o", "time=", "-p", String(pid)], { encoding: "utf8" });
    return text.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
  } catch {
    return undefined; // gone between two looks
  }
}
