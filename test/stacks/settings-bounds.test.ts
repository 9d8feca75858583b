// Each setting's own rule: the nearest value that it refuses, and the nearest that it takes.
import { strict as assert } from "node:assert";
import { PLACE, problems } from "./settings-problems";
import { some } from "../some";

/** Whole numbers with their bounds. */
const NUMBERS: Record<string, Record<string, [least: number, most: number]>> = {
  shared: {
    nodes: [1, 2],
    version: [15, 18],
    leaseSeconds: [2, 60],
    passwordDays: [1, 365],
    logRetentionDays: [1, 3_653],
  },
  managed: {
    storageGiB: [20, 65_536],
    minCapacity: [0.5, 128],
    maxCapacity: [1, 128],
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
  network: { flowLogRetentionDays: [1, 3_653] },
  operations: {
    logRetentionDays: [1, 3_653],
    auditDays: [1, 36_500],
    exportDays: [1, 36_500],
    backupDailyDays: [1, 36_500],
    backupMonthlyDays: [0, 36_500],
    requestsPerFiveMinutes: [10, 2_000_000_000],
    monthlyBudgetUsd: [1, 10_000_000],
  },
  provisioner: {
    frozenDays: [1, 365],
    historyDays: [1, 3_650],
    ratePerSecond: [1, 5_000],
    logRetentionDays: [1, 3_653],
  },
  uploads: {
    maxUploadMiB: [1, 5_120],
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
        assert.deepEqual([problems(area, setting, least), problems(area, setting, most)], [[], []]);
        const tooSmall = FRACTIONS.includes(setting) ? least - 0.1 : least - 1;
        assert.deepEqual(problems(area, setting, tooSmall), [
          `${path} must be ${least} or more, got ${tooSmall}`,
        ]);
        assert.deepEqual(problems(area, setting, most + 1), [
          `${path} must be ${most} or less, got ${most + 1}`,
        ]);
        const between = problems(area, setting, least + 0.5);
        assert.equal(between.length, FRACTIONS.includes(setting) ? 0 : 1);
      });
});
