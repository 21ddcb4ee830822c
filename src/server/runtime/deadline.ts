/** A deadline for something that is waited for. */

/** What `waited` resolves to, or what `late` makes after so many milliseconds. `Promise.race` would cost four promises more. */
export function withTimeout<T>(waited: Promise<T>, milliseconds: number, createTimeoutError: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(createTimeoutError()), milliseconds);
    const settled = <A>(settle: (answer: A) => void) => {
      return (answer: A): void => {
        clearTimeout(timer);
        settle(answer);
      };
    };
    waited.then(settled(resolve), settled(reject));
  });
}
