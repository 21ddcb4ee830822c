/** What the emulator writes when it makes a mistake itself, so that nobody takes it for an injected fault. */

/** Takes one line, or a few with a stack. */
export type Log = (text: string) => void;

/** Writes to standard error, or to the console of a page. */
// eslint-disable-next-line no-console -- the only place that has no caller to tell
export const logToConsole: Log = (text) => console.error(text);

/** Names the request, and the mistake with its stack. */
export function ownError(method: string, path: string, error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `The emulator made a mistake at ${method} ${path}. This is no injected fault.\n${what}`;
}
