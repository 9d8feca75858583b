import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { workerArguments, workerFile } from "../paths";

export interface Answer {
  isPrime: boolean;
  processingTime: number;
}

/** Thrown when the queue is full: the caller should come back later. */
export class Busy extends Error {}

/**
 * How many threads compute: a core is left to the event loop, which else waits for the kernel to take one from a thread, however
 * low its priority is. A machine of one core has no other to give.
 */
export const threadsFor = (cores: number): number => Math.max(1, cores - 1);

/** Tests numbers on threads of its own, so that the event loop never computes. */
export class Primes {
  private pool?: Piscina<number, Answer>;

  constructor(private readonly queue: number) {}

  /** Threads are started by the first number: a server that never computes pays nothing for them. */
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

  /** Finishes what runs and what waits. */
  async close(): Promise<void> {
    await this.pool?.close();
  }
}
