/** The calls to Twilio with a watch beside them: each becomes an event that says how long it took and how it ended. It changes nothing about them. */
import { eachCall } from './instrument.js';
import type { BackendEvent, TwilioOperation, TwilioOutcome } from '../setup/events.js';
import { TwilioError } from './errors.js';
import type { VerifyClient } from './verify-client.js';

/** The same calls, told to `emit`; `now` in milliseconds. */
export function timed(verify: VerifyClient, emit: (event: BackendEvent) => void, now: () => number): VerifyClient {
  async function watch<T>(operation: TwilioOperation, ask: () => Promise<T>): Promise<T> {
    const from = now();
    const tell = (outcome: TwilioOutcome) =>
      emit({ type: 'twilio-call', operation, outcome, milliseconds: Math.max(0, now() - from) });
    try {
      const answer = await ask();
      tell('answered');
      return answer;
    } catch (error) {
      tell(error instanceof TwilioError ? error.kind : 'mismatched');
      throw error;
    }
  }
  return eachCall(verify, watch);
}
