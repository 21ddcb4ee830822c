/** A time limit for a promise. */

/** Settles as `waited` does. Rejects with `createTimeoutError()` after that many milliseconds. `Promise.race` costs four more promises. */
export function withTimeout<T>(waited: Promise<T>, milliseconds: number, createTimeoutError: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(createTimeoutError()), milliseconds);
    const settled = <A>(settle: (outcome: A) => void) => {
      return (outcome: A): void => {
        clearTimeout(timer);
        settle(outcome);
      };
    };
    waited.then(settled(resolve), settled(reject));
  });
}
