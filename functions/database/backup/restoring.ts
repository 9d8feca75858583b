import { rmSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Health } from "../agent/health";

/** Half a minute without a sign is a restore that has ended without saying so. */
const staleMs = 30_000;
const signMs = 2_000;

const signOf = (runDir: string) => path.join(runDir, "restoring");

/** Gives a sign of life while a restore goes on, which takes as long as the data are large. */
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

/** PostgreSQL that is silent because its data are being restored recovers: it is not to be given up. */
export async function healthBeside(runDir: string, ask: () => Promise<Health>): Promise<Health> {
  const health = await ask();
  return health === "silent" && isRestoring(runDir) ? "recovering" : health;
}

function isRestoring(runDir: string): boolean {
  const sign = statSync(signOf(runDir), { throwIfNoEntry: false });
  return sign !== undefined && Date.now() - sign.mtimeMs < staleMs;
}
