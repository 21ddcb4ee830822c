/** Waits for something to become true. Runs in Node and in browsers, and uses nothing from outside its function. */

/**
 * Calls `probe` until it returns or resolves to something truthy, and resolves to that. Rejects when `probe` throws, or after
 * `timeout` milliseconds.
 * @template T
 * @param {() => T | Promise<T>} probe
 * @param {{ timeout?: number, interval?: number, message?: string }} [options] `message` is that of the error; times in milliseconds
 * @returns {Promise<Exclude<T, null | undefined | false | 0 | ''>>}
 */
export async function pollUntil(probe, { timeout = 10_000, interval = 50, message = 'It never became true.' } = {}) {
  const deadline = performance.now() + timeout;
  for (;;) {
    const value = await probe();
    if (value) return /** @type {Exclude<T, null | undefined | false | 0 | ''>} */ (value);
    if (performance.now() >= deadline) throw new Error(message);
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
