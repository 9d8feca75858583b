import { rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Health } from "../agent/health";

/** A restore that gives no sign for half a minute has ended without reporting it. */
const staleMs = 30_000;
const signMs = 2_000;

const signOf = (runDir: string) => path.join(runDir, "restoring");

/** Signals that a restore is still running, since its duration depends on the size of the data. */
export async function whileRestoring<T>(runDir: string, work: Promise<T>): Promise<T> {
  const sign = () => writeFileSync(signOf(runDir), "");
  sign();
  const timer = setInterval(sign, signMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    rmSync(signOf(runDir), { force: true });
  }
}

/** PostgreSQL that is silent during a restore of its data counts as recovering: it must not be given up. */
export async function healthBeside(runDir: string, ask: () => Promise<Health>): Promise<Health> {
  const health = await ask();
  return health === "silent" && isRestoring(runDir) ? "recovering" : health;
}

function isRestoring(runDir: string): boolean {
  const sign = statSync(signOf(runDir), { throwIfNoEntry: false });
  return sign !== undefined && Date.now() - sign.mtimeMs < staleMs;
}
