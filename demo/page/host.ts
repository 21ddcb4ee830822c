/** Calls the demo's host: session, sign-up, receipts, controls, and the way to a new one. No views. */
import type { FaultScenario } from '../host/controls.js';
import type { SessionView } from '../host/host.js';
import type { Receipt } from '../host/receipts.js';

export type { Receipt, SessionView, FaultScenario };

/** What the host returned, or a sentence for the person. */
export type HostResult<T> = { value: T } | { sentence: string };

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Calls the host. Never rejects: a failed connection becomes a sentence, as a refusal does. */
export async function callHost<T>(method: Method, path: string, body?: object): Promise<HostResult<T>> {
  try {
    const response = await fetch(path, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}),
    });
    const result = (await response.json()) as T & { sentence: string };
    return response.ok ? { value: result } : { sentence: result.sentence };
  } catch {
    return { sentence: 'The demo’s server cannot be reached: npm start runs it.' };
  }
}

/** Reads the current session. */
export const fetchSession = () => callHost<SessionView>('GET', '/session');

/** Advances the clock of backend, emulator and host. */
export const advanceClock = (minutes: number) => callHost<{ now: number }>('POST', '/__demo/clock', { minutes });

/** Leaves this visitor's application, with its users, messages, limits and clock. The next request opens another. */
export const leaveApplication = () => callHost<object>('DELETE', '/visitor');

/** Chooses what the emulated Twilio does wrong from now on. */
export const setFaultScenario = (name: FaultScenario) =>
  callHost<{ name: FaultScenario }>('PUT', '/__demo/fault-scenario', { name });
