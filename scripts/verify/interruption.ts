import { stopAsked } from "../../sandbox/ending";

/** Aborts at the first Ctrl-C, and says so; a second one ends the process. */
export function interruption(told: () => void): AbortSignal {
  const stop = new AbortController();
  void stopAsked().then(
    () => {
      told();
      stop.abort(new Error("interrupted"));
    },
    (error: unknown) => stop.abort(error),
  );
  return stop.signal;
}
