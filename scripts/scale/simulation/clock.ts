interface Waiting {
  at: number;
  order: number;
  wake: () => void;
}

/** This many at once, because each turn of Node's loop costs more than a step. */
const STEPS = 64;

/** Time that passes only while everybody waits, so that a day takes seconds and the same seed gives the same day. */
export class Clock {
  private readonly heap: Waiting[] = [];
  private order = 0;

  constructor(public now: number) {}

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.push({ at: this.now + ms, order: this.order++, wake }));
  }

  /** Lets time pass until then, or until nobody waits any more. */
  run(until: number): Promise<void> {
    return new Promise((resolve) => {
      // A process that wakes up runs until it waits again, before the next of these begins.
      const step = () => {
        const next = this.heap[0];
        if (!next || next.at > until) return;
        this.now = next.at;
        this.pop().wake();
      };
      const turn = () => {
        const next = this.heap[0];
        if (!next || next.at > until) {
          this.now = until;
          return resolve();
        }
        for (let n = 0; n < STEPS; n++) setImmediate(step);
        setImmediate(turn);
      };
      turn();
    });
  }

  private push(one: Waiting): void {
    const { heap } = this;
    let i = heap.push(one) - 1;
    for (let up = (i - 1) >> 1; i > 0 && before(one, heap[up]!); i = up, up = (i - 1) >> 1) {
      heap[i] = heap[up]!;
      heap[up] = one;
    }
  }

  private pop(): Waiting {
    const { heap } = this;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    heap[0] = last;
    for (let i = 0; ;) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
      if (least === i) return first;
      [heap[i], heap[least]] = [heap[least]!, heap[i]!];
      i = least;
    }
  }
}

const before = (a: Waiting, b: Waiting) => a.at < b.at || (a.at === b.at && a.order < b.order);
