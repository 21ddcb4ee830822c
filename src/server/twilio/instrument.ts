/** The six calls that go to Twilio on somebody's behalf, in one list for all that stand around them. It decides nothing. */
import type { TwilioAct } from '../setup/events.js';
import type { Verify } from './verify-client.js';

/** The same calls, each made by `through`, which is told what it is for and makes it or does not. */
export function eachCall(verify: Verify, through: <T>(act: TwilioAct, ask: () => Promise<T>) => Promise<T>): Verify {
  return {
    ...verify,
    send: (...order) => through('send', () => verify.send(...order)),
    find: (...order) => through('look-up', () => verify.find(...order)),
    cancel: (...order) => through('cancel', () => verify.cancel(...order)),
    check: (...order) => through('check', () => verify.check(...order)),
    lineType: (...order) => through('look-up', () => verify.lineType(...order)),
    converted: (...order) => through('look-up', () => verify.converted(...order)),
  };
}
