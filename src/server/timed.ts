/** The calls to Twilio with a watch beside them: each becomes an event that says how long it took and how it ended. It changes nothing about them. */
import type { BackendEvent } from './events.js';
import { TwilioFailure } from './twilio-errors.js';
import type { Verify } from './twilio.js';

type Asked = Extract<BackendEvent, { type: 'twilio-asked' }>;

/** The same calls, told to `emit`; `now` in milliseconds. */
export function timed(verify: Verify, emit: (event: BackendEvent) => void, now: () => number): Verify {
  async function watch<T>(act: Asked['act'], ask: () => Promise<T>): Promise<T> {
    const from = now();
    const tell = (outcome: Asked['outcome']) =>
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
  return {
    ...verify,
    send: (...order) => watch('send', () => verify.send(...order)),
    find: (...order) => watch('look-up', () => verify.find(...order)),
    cancel: (...order) => watch('cancel', () => verify.cancel(...order)),
    check: (...order) => watch('check', () => verify.check(...order)),
    lineType: (...order) => watch('look-up', () => verify.lineType(...order)),
    converted: (...order) => watch('look-up', () => verify.converted(...order)),
  };
}
