/** The calls to Twilio with a watch beside them: each becomes an event that says how long it took and how it ended. It changes nothing about them. */
import { eachCall } from './instrument.js';
import type { BackendEvent, TwilioAct, TwilioOutcome } from '../setup/events.js';
import { TwilioFailure } from './errors.js';
import type { Verify } from './verify-client.js';

/** The same calls, told to `emit`; `now` in milliseconds. */
export function timed(verify: Verify, emit: (event: BackendEvent) => void, now: () => number): Verify {
  async function watch<T>(act: TwilioAct, ask: () => Promise<T>): Promise<T> {
    const from = now();
    const tell = (outcome: TwilioOutcome) =>
      emit({ type: 'twilio-asked', act, outcome, milliseconds: Math.max(0, now() - from) });
    try {
      const answer = await ask();
      tell('answered');
      return answer;
    } catch (error) {
      tell(error instanceof TwilioFailure ? error.kind : 'strange');
      throw error;
    }
  }
  return eachCall(verify, watch);
}
