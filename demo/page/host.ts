/** The page's side of the demo's host: session, sign-up, receipts, knobs. Calls only, no views. */
import type { FaultScenario } from '../host/controls.js';
import type { SessionView } from '../host/host.js';
import type { Receipt } from '../host/receipts.js';

export type { Receipt, SessionView, FaultScenario };

/** What the host answered, or a sentence for the person. */
export type Answer<T> = { value: T } | { sentence: string };

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Asks the host; a lost connection is a sentence like any other refusal. */
export async function ask<T>(method: Method, path: string, body?: object): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    });
    const answer = (await response.json()) as T & { sentence: string };
    return response.ok ? { value: answer } : { sentence: answer.sentence };
  } catch {
    return { sentence: 'The demo’s server cannot be reached: npm start runs it.' };
  }
}

/** The session as it is now. */
export const askSession = () => ask<SessionView>('GET', '/session');

/** Turns the clock of backend, emulator and host. */
export const turnClock = (minutes: number) => ask<{ now: number }>('POST', '/__demo/clock', { minutes });

/** Decides what goes wrong at the emulated Twilio from now on. */
export const setFaultScenario = (name: FaultScenario) =>
  ask<{ name: FaultScenario }>('PUT', '/__demo/trouble', { name });
