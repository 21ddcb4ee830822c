/** Chooses who sends the demo's codes: the real Twilio if the environment names an account, else the emulator. */
import { SettingsError, type Environment } from '../../src/cli/settings/parse-settings.js';
import { readTwilio } from '../../src/cli/settings/twilio-settings.js';
import { createEmulator, type Emulator } from '../../src/emulator/index.js';
import type { TwilioOptions } from '../../src/server/index.js';
import { Calls } from './calls.js';

/** The real Twilio or the emulator, with a sentence that says which. */
export interface Provider {
  name: 'emulator' | 'twilio';
  twilio: TwilioOptions;
  /** The sentence for the terminal and the page. */
  sentence: string;
  /** Milliseconds since 1970. Backend, emulator and host share one clock, so that all of them advance together. */
  now: () => number;
  /** Present if the emulator is the provider. */
  emulator?: Emulator;
  /** The calls that the emulator receives. */
  calls?: Calls;
}

/** Throws `SettingsError`, with one sentence, if the environment names only half an account, or no service for two-factor. */
export function chooseProvider(env: Environment): Provider {
  const twilio = readTwilio(env);
  if (twilio) {
    if (twilio.twoFactorService === undefined) {
      throw new SettingsError(
        'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID is missing: with one service, a code phished from a sign-up page would also sign in.',
      );
    }
    const sentence = 'Messages are sent by the real Twilio, and cost money.';
    return { name: 'twilio', twilio, sentence, now: Date.now };
  }
  const emulator = createEmulator({ control: true, magicNumbers: true });
  const { credentials, services } = emulator;
  const calls = new Calls();
  return {
    name: 'emulator',
    twilio: {
      accountSid: credentials.accountSid,
      apiKey: credentials.apiKey,
      apiSecret: credentials.apiSecret,
      contactService: services.contact,
      twoFactorService: services.twoFactor,
      transport: calls.observed((request) => emulator.fetch(request)),
    },
    sentence: 'Messages go to the emulator of Twilio and arrive on the page; nothing is sent to anybody.',
    now: () => emulator.clock.now(),
    emulator,
    calls,
  };
}
