/** The six calls that go to Twilio on somebody's behalf, in one list for all that stand around them. It decides nothing. */
import type { TwilioOperation } from '../setup/events.js';
import type { VerifyClient } from './verify-client.js';

/** The same calls, each made by `through`, which is told what it is for and makes it or does not. */
export function eachCall(
  verify: VerifyClient,
  through: <T>(act: TwilioOperation, ask: () => Promise<T>) => Promise<T>,
): VerifyClient {
  return {
    ...verify,
    send: (...order) => through('send', () => verify.send(...order)),
    findPending: (...order) => through('lookup', () => verify.findPending(...order)),
    cancel: (...order) => through('cancel', () => verify.cancel(...order)),
    check: (...order) => through('check', () => verify.check(...order)),
    lineType: (...order) => through('lookup', () => verify.lineType(...order)),
    wasConverted: (...order) => through('lookup', () => verify.wasConverted(...order)),
  };
}
