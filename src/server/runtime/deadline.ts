/** A deadline for something that is waited for. */

/** What `waited` resolves to, or what `late` makes after so many milliseconds. `Promise.race` would cost four promises more. */
export function inTime<T>(waited: Promise<T>, milliseconds: number, late: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), milliseconds);
    const settled = <A>(settle: (answer: A) => void) => {
      return (answer: A): void => {
        clearTimeout(timer);
        settle(answer);
      };
    };
    waited.then(settled(resolve), settled(reject));
  });
}
