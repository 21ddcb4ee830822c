/** Runs two suites against the emulator, as a function and on a port, and against the real Twilio if it is configured. */
import twilio from 'twilio';
import { it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { functionClient, portClient } from '../../support/emulator-client.js';
import { describeVerify, type TwilioAccount } from '../../support/twilio-conformance.js';
import { describeFactors } from '../../support/twilio-factor-conformance.js';

let last = 0;
const emulated = () => {
  const emulator = createEmulator();
  const target = {
    service: emulator.services.contact,
    to: () => `+1415555${String((last += 1)).padStart(4, '0')}`,
    codeOf: (to: string) => emulator.outbox.latest(to)?.code ?? '',
    advance: (seconds: number) => emulator.clock.advance(seconds),
  };
  return { emulator, target };
};

const ways: Record<string, () => Promise<TwilioAccount>> = {
  'called as a function,'() {
    const { emulator, target } = emulated();
    return Promise.resolve({ ...target, client: functionClient(emulator) });
  },
  async 'on a port,'() {
    const { emulator, target } = emulated();
    const { url, close } = await serveEmulator(emulator);
    return { ...target, client: portClient(emulator, url), close };
  },
};
for (const [way, open] of Object.entries(ways)) {
  describeVerify(`the emulator, ${way}`, open, { full: true });
  describeFactors(`the emulator, ${way}`, open);
}

const env = process.env;
const account = env.TWILIO_ACCOUNT_SID;
const user = env.TWILIO_API_KEY ?? account;
const secret = env.TWILIO_API_SECRET ?? env.TWILIO_AUTH_TOKEN;
const service = env.TWILIO_VERIFY_SERVICE_SID;
const number = env.TWILIO_TEST_TO;

if (account && user && secret && service && number) {
  // Sends about seven messages to that number and to no other.
  const client = twilio(user, secret, { accountSid: account, timeout: 10_000 });
  const open = () => Promise.resolve({ client, service, to: () => number });
  describeVerify('Twilio itself', open, { full: false });
  describeFactors('Twilio itself', open);
} else {
  it.skip('Twilio itself is skipped: set TWILIO_* and TWILIO_TEST_TO to test an account and number', () => undefined);
}
