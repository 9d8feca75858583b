/** What a measured process tells its parent. */
export interface Report {
  resources: number;
  peakMiB: number;
  cpuSeconds: number;
}

/** Prints what this process took until now. */
export function report(resources: number): void {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const told: Report = { resources, peakMiB: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
  console.log(JSON.stringify(told));
}
