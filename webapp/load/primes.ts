import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { workerArguments, workerFile } from "../paths";

export interface Answer {
  isPrime: boolean;
  processingTime: number;
}

/** Thrown when the queue is full: the caller should come back later. */
export class Busy extends Error {}

/** Tests numbers on as many threads as the machine has cores, so that the event loop never computes. */
export class Primes {
  private pool?: Piscina<number, Answer>;

  constructor(private readonly queue: number) {}

  /** Threads are started by the first number: a server that never computes pays nothing for them. */
  private get threads(): Piscina<number, Answer> {
    const cores = availableParallelism();
    return (this.pool ??= new Piscina({
      filename: workerFile("prime-worker"),
      minThreads: cores,
      maxThreads: cores,
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
