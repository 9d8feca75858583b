// Each setting's own rule: the nearest value that it refuses, and the nearest that it takes.
import { strict as assert } from "node:assert";
import { PLACE, problems } from "./settings-problems";
import { some } from "../some";

/** Whole numbers with their bounds. */
const NUMBERS: Record<string, Record<string, [least: number, most: number]>> = {
  shared: {
    nodes: [1, 2],
    version: [15, 18],
    leaseSeconds: [2, 30],
    passwordDays: [1, 365],
    logRetentionDays: [1, 3_653],
  },
  managed: {
    storageGiB: [20, 65_536],
    minCapacity: [0.5, 256],
    maxCapacity: [1, 256],
    backupRetentionDays: [1, 35],
  },
  delivery: {
    rollbackAt5xxPerMinute: [1, 1_000_000],
    keptDays: [7, 3_650],
    ratePerSecond: [1, 10_000],
    burst: [1, 5_000],
    logRetentionDays: [1, 3_653],
  },
  identity: { passwordMinimumLength: [8, 99], accessTokenMinutes: [5, 1_440], refreshTokenDays: [1, 3_650] },
  network: { logRetentionDays: [1, 3_653] },
  operations: {
    logRetentionDays: [1, 3_653],
    auditDays: [1, 36_500],
    exportDays: [1, 36_500],
    backupHour: [0, 23],
    backupDailyDays: [1, 36_500],
    backupMonthlyDays: [0, 36_500],
    requestsPerFiveMinutes: [10, 2_000_000_000],
    monthlyBudgetUsd: [1, 10_000_000],
  },
  provisioner: {
    retrySeconds: [1, 300],
    frozenDays: [1, 365],
    failedHours: [1, 720],
    historyDays: [1, 3_650],
    ratePerSecond: [1, 5_000],
    logRetentionDays: [1, 3_653],
  },
  uploads: {
    maxUploadMiB: [1, 5_120],
    maxPersonGiB: [1, 10_240],
    noncurrentDays: [1, 36_500],
    moverConcurrency: [2, 1_000],
    moverTimeoutSeconds: [1, 900],
    moverRetrySeconds: [0, 900],
    logRetentionDays: [1, 3_653],
  },
  web: {
    targetCpuPercent: [1, 99],
    httpPort: [1, 65_535],
    appPort: [1_024, 65_535],
    healthCheckSeconds: [5, 300],
    deregistrationSeconds: [0, 3_600],
    logRetentionDays: [1, 3_653],
  },
};
const FRACTIONS = ["minCapacity", "maxCapacity"];

describe("the bounds of each number", () => {
  for (const [area, settings] of Object.entries(NUMBERS))
    for (const [setting, [least, most]] of some(Object.entries(settings)))
      it(`refuses ${area}.${setting} outside ${least} to ${most}`, () => {
        const path = `groundwork:${PLACE[area] ?? area}.${setting}`;
        const kind = FRACTIONS.includes(setting) ? "half units" : "a whole number";
        const refused = (value: number) => [`${path} must be ${kind} from ${least} to ${most}, got ${value}`];
        const more = setting === "minCapacity" ? { maxCapacity: most } : {};
        for (const value of [least, most]) assert.deepEqual(problems(area, setting, value, more), []);
        const step = FRACTIONS.includes(setting) ? 0.25 : 0.5;
        for (const value of [least - step, least + step, most + step])
          assert.deepEqual(problems(area, setting, value), refused(value));
      });
});
