import assert from "node:assert/strict";
import fs from "node:fs";
import * as path from "node:path";
import { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { CpuMetrics } from "../../sandbox/fleet/cpu";
import { Server } from "../../sandbox/fleet/runner";
import { View } from "../../sandbox/fleet/view";
import { newFolder } from "../folder";
import { standIns } from "./stand-ins";

describe("the sandbox's servers report their CPU", () => {
  const { readFileSync } = fs;
  const platform = Object.getOwnPropertyDescriptor(process, "platform")!;
  const { PATH } = process.env;
  let seconds: number;
  /** What the kernel says of each process. */
  let stats: Record<number, string>;
  beforeEach(() => {
    [seconds, stats] = [1_000, {}];
    Object.defineProperty(process, "platform", { ...platform, value: "linux" });
    Object.assign(performance, { now: () => seconds * 1000 });
    Object.assign(fs, {
      readFileSync: (file: string, encoding: string) => {
        const [, pid] = /^\/proc\/(\d+)\/stat$/.exec(file) ?? [];
        if (pid === undefined || encoding !== "utf8") throw new Error(`nobody reads ${file}`);
        const text = stats[Number(pid)];
        if (text === undefined) throw new Error(`there is no process ${pid}`);
        return text;
      },
    });
  });
  afterEach(() => {
    Object.defineProperty(process, "platform", platform);
    Reflect.deleteProperty(performance, "now");
    Object.assign(fs, { readFileSync });
    process.env["PATH"] = PATH;
  });

  /** As proc(5) has it: the 14th field is the time in user mode, the 15th in the kernel, in hundredths of a second. */
  const stat = (user: number, system: number) => `7 (a) b (node) S ${"9 ".repeat(10)}${user} ${system} 9 9 9`;
  const server = (id: string, pid: number, alive = true) => ({ id, pid, alive }) as Server;

  function measuring() {
    const calls: { Namespace: string; MetricData: MetricDatum[] }[] = [];
    const cloudwatch = { putMetricData: async (input: (typeof calls)[number]) => void calls.push(input) };
    const metrics = new CpuMetrics(standIns({ cloudwatch }));
    /** What CloudWatch gets for these servers, ten seconds after the look before. */
    const put = async (...servers: Server[]) => {
      const groups = { "i-1": "web", "i-2": "web", "i-own": undefined };
      const machines = Object.entries(groups).map(([id, group]) => ({ id, group }));
      const before = calls.length;
      await metrics.put({ machines } as View, servers);
      seconds += 10;
      return calls.slice(before).flatMap(({ Namespace, MetricData }) =>
        MetricData.map(({ MetricName, Dimensions, Value, Unit, Timestamp }) => {
          assert.ok(Math.abs(Timestamp!.getTime() - Date.now()) < 60_000);
          const by = Dimensions!.map((one) => `${one.Name}=${one.Value}`).join();
          return `${Namespace} ${MetricName} ${by}: ${Math.round(Value! * 10) / 10} ${Unit}`;
        }),
      );
    };
    return put;
  }
  const reported = (id: string, percent: number) =>
    ["InstanceId=" + id, "AutoScalingGroupName=web"].map(
      (by) => `AWS/EC2 CPUUtilization ${by}: ${percent} Percent`,
    );

  it("as the share of a core since the look before, by themselves and in their group", async () => {
    const put = measuring();
    const both = [server("i-1", 11), server("i-2", 12)];
    stats = { 11: stat(5_000, 700), 12: stat(0, 0) };
    assert.deepEqual(await put(...both), []);
    stats = { 11: stat(5_200, 750), 12: stat(30, 10) };
    assert.deepEqual(await put(...both), [...reported("i-1", 25), ...reported("i-2", 4)]);
    assert.deepEqual(await put(...both), [...reported("i-1", 0), ...reported("i-2", 0)]);
  });

  it("as a whole core at most, and as nothing where the number now means another process", async () => {
    const put = measuring();
    stats = { 11: stat(500, 0) };
    await put(server("i-1", 11));
    stats = { 11: stat(4_500, 0) };
    assert.deepEqual(await put(server("i-1", 11)), reported("i-1", 100));
    stats = { 11: stat(3, 0) };
    assert.deepEqual(await put(server("i-1", 11)), reported("i-1", 0));
  });

  it("unless they are dead, gone between two looks or in no group: then nothing is put at all", async () => {
    const put = measuring();
    const all = [server("i-own", 10), server("i-1", 11, false), server("i-2", 12), server("i-gone", 13)];
    stats = { 10: stat(0, 0), 11: stat(0, 0), 12: stat(0, 0), 13: stat(0, 0) };
    await put(...all);
    stats = { 10: stat(1, 0), 11: stat(1, 0), 13: stat(1, 0) };
    assert.deepEqual(await put(...all), []);
  });

  it("by what ps says on another system", async () => {
    Object.defineProperty(process, "platform", { ...platform, value: "darwin" });
    const folder = newFolder("ps");
    process.env["PATH"] = `${folder}:${PATH}`;
    const put = measuring();
    const says = (text: string) =>
      fs.writeFileSync(
        path.join(folder, "ps"),
        `#!/bin/sh\n[ "$*" = "-o time= -p 11" ] && echo " ${text}"\n`,
        {
          mode: 0o755,
        },
      );
    says("59:58.50");
    assert.deepEqual(await put(server("i-1", 11)), []);
    says("1:00:01.00");
    assert.deepEqual(await put(server("i-1", 11)), reported("i-1", 25));
  });
});
