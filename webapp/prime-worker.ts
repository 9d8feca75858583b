import { constants, setPriority } from "node:os";
import { isPrime } from "./load/prime";

// On Linux each thread has its own priority, so the event loop goes first when both want a core. Elsewhere the process has one.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_LOW);

/** Runs in a worker thread: one number per task. */
export default function work(number: number): { isPrime: boolean; processingTime: number } {
  const start = performance.now();
  const prime = isPrime(number);
  return { isPrime: prime, processingTime: (performance.now() - start) / 1000 };
}
