/** After a failure the next try waits a moment, so that an outage does not get worse. */
const RETRY_MS = 5_000;

/**
 * The result of `make`, made again once it is older than `freshMs`. Meanwhile, and while it cannot be made, everybody gets the old
 * one; if there is none, the caller gets the failure, and the next caller triggers another try.
 */
export function renewing<T>(
  make: (before: T | undefined) => Promise<T>,
  freshMs: number,
  onFailed: (error: Error) => void,
): () => Promise<T> {
  let kept: { value: T; dueAt: number } | undefined;
  let making: Promise<T> | undefined;

  const anew = () =>
    make(kept?.value)
      .then((value) => {
        kept = { value, dueAt: Date.now() + freshMs };
        return value;
      })
      .finally(() => (making = undefined));

  return async () => {
    if (!kept) return (making ??= anew());
    const { value, dueAt } = kept;
    if (dueAt <= Date.now() && !making) {
      making = anew();
      making.catch((error: Error) => {
        kept = { value, dueAt: Date.now() + RETRY_MS };
        onFailed(error);
      });
    }
    return value;
  };
}
