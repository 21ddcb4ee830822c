/** The page's side of the demo's host: sign up, sign in, sign out. Calls only, no views. */
import type { SessionView } from '../host/host.js';

export type { SessionView };

/** What the host answered: the session as it is now, or a sentence for the person. */
export type HostAnswer = { view: SessionView } | { sentence: string };

/** Asks the host; a lost connection is a sentence like any other refusal. */
export async function askHost(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<HostAnswer> {
  try {
    const response = await fetch(path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    });
    const answer = (await response.json()) as SessionView & { sentence: string };
    return response.ok ? { view: answer } : { sentence: answer.sentence };
  } catch {
    return { sentence: 'The demo’s server cannot be reached.' };
  }
}
