import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { workerArguments, workerFile } from "../paths";

export interface Answer {
  isPrime: boolean;
  processingTime: number;
}

/** Thrown when the queue is full: the caller should try again later. */
export class Busy extends Error {}

/**
 * How many threads compute. One core is left to the event loop: otherwise it would wait until the kernel preempts a thread,
 * however low that thread's priority. A machine with a single core has none to spare.
 */
export const threadsFor = (cores: number): number => Math.max(1, cores - 1);

/** Tests numbers on separate threads, so that the event loop never computes. */
export class Primes {
  private pool?: Piscina<number, Answer>;

  constructor(private readonly queue: number) {}

  /** The first number starts the threads, so a server that never computes pays nothing for them. */
  private get threads(): Piscina<number, Answer> {
    const threads = threadsFor(availableParallelism());
    return (this.pool ??= new Piscina({
      filename: workerFile("prime-worker"),
      minThreads: threads,
      maxThreads: threads,
      maxQueue: this.queue,
      execArgv: workerArguments,
    }));
  }

  get waiting(): number {
    return this.pool?.queueSize ?? 0;
  }

  async test(number: number): Promise<Answer> {
    if (this.waiting >= this.queue) throw new Busy();
    return this.threads.run(number);
  }

  /** Finishes running and waiting work. */
  async close(): Promise<void> {
    await this.pool?.close();
  }
}
