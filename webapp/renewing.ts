/** After a failure the next try waits for a moment, so that an outage is not made worse. */
const RETRY_MS = 5_000;

/**
 * What `make` gives, made again once it is older than `freshMs`. Meanwhile, and for as long as it cannot be made, everybody gets what
 * there was; where there was nothing, a failure is told to whoever asked, and the next one who asks has it tried again.
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
