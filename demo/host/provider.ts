/** Where the demo's codes come from: the real Twilio if the environment names an account, else the emulator. */
import { readTwilio, type Environment } from '../../src/cli/settings/twilio-settings.js';
import { createEmulator, type Emulator } from '../../src/emulator/index.js';
import type { TwilioOptions } from '../../src/server/index.js';
import { Calls } from './calls.js';

/** One of the two, and how to say it in a sentence. */
export interface Provider {
  name: 'emulator' | 'twilio';
  twilio: TwilioOptions;
  /** What the terminal and the page say. */
  sentence: string;
  warning?: string;
  /** Milliseconds since 1970: backend, emulator and host live by one clock, so that all of them go forward together. */
  now: () => number;
  /** Only where it serves. */
  emulator?: Emulator;
  /** What is asked of it. */
  calls?: Calls;
}

/** Throws `SettingsError`, with one sentence, where the environment names half an account. */
export function chooseProvider(env: Environment): Provider {
  const twilio = readTwilio(env);
  if (twilio) {
    const warning = twilio.twoFactorService
      ? {}
      : {
          warning:
            'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID is not set: sign-up and sign-in share one Verify service, so a code phished from one would open the other.',
        };
    const sentence = 'Messages are sent by the real Twilio, and cost money.';
    return { name: 'twilio', twilio, sentence, now: Date.now, ...warning };
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
      transport: calls.heard((request) => emulator.fetch(request)),
    },
    sentence: 'Messages go to the emulator of Twilio and arrive on the page; nothing is sent to anybody.',
    now: () => emulator.clock.now(),
    emulator,
    calls,
  };
}
