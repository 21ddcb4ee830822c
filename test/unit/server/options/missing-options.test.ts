/** What must be given to the backend, and the sentence for what is not. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createHandler, generateKeys, verifyProof, type HandlerOptions } from '../../../../src/server/index.js';

const twilio = {
  accountSid: `AC${'1'.repeat(32)}`,
  authToken: 'a-token',
  contactService: `VA${'3'.repeat(32)}`,
  twoFactorService: `VA${'4'.repeat(32)}`,
};
let good: HandlerOptions;

beforeAll(async () => {
  good = { twilio, keys: await generateKeys(), audience: 'https://shop.example', onEvent: () => undefined };
});

/** The sentence with which options are refused, or `accepted`. */
function refusal(options: object): string {
  try {
    createHandler(options as HandlerOptions);
    return 'accepted';
  } catch (error) {
    return error instanceof TypeError ? error.message : `not a TypeError: ${String(error)}`;
  }
}

it('all that is missing is named at once, but a misspelt name first', async () => {
  expect(refusal({})).toBe('twilio, keys and audience are missing.');
  expect(refusal({ twilio })).toBe('keys and audience are missing.');
  expect(refusal({ twilio, key: good.keys })).toBe('key is not an option. Did you mean keys?');
  expect(refusal({ ...good, keys: undefined })).toMatch(/^keys is undefined: it must be /);
  const verify = verifyProof as (proof: string, expected: object) => Promise<unknown>;
  await expect(verify('x', { subject: null })).rejects.toThrow(
    new TypeError('verifyProof.jwks, verifyProof.audience and verifyProof.purpose are missing.'),
  );
});

describe('one Verify service', () => {
  const { twoFactorService: _, ...one } = twilio;
  const identify = () => null;

  it('does not serve two-factor as well: a code phished from a sign-up page would also sign in', () => {
    for (const more of [{}, { twoFactor: { required: 'always' as const } }, { twoFactor: { email: true } }])
      expect(refusal({ ...good, ...more, identify, twilio: one })).toBe(
        'twilio.twoFactorService is missing: it must be a service of its own: with one service, a code phished from a sign-up page would also sign in (or set twoFactor.required to never).',
      );
  });

  it('is enough where nobody passes two-factor: without users, or with the policy never', () => {
    expect(refusal({ ...good, twilio: one })).toBe('accepted');
    const never = { twoFactor: { required: 'never' as const } };
    expect(refusal({ ...good, ...never, identify, twilio: one })).toBe('accepted');
  });
});
