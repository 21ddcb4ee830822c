/** Which Twilio account the environment names, and the sentence for an incomplete one. */
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../../src/cli/settings/parse-settings.js';
import { createVerifyClient } from '../../../src/server/internals.js';
import { readTwilio } from '../../../src/cli/settings/twilio-settings.js';

const whole = {
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  TWILIO_API_KEY: `SK${'2'.repeat(32)}`,
  TWILIO_API_SECRET: 'a-secret-of-the-key',
  TWILIO_VERIFY_SERVICE_SID: `VA${'3'.repeat(32)}`,
  TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: `VA${'4'.repeat(32)}`,
};
const without = (...names: (keyof typeof whole)[]) =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name as keyof typeof whole)));

function sentence(env: Record<string, string | undefined>): string {
  try {
    readTwilio(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
  }
  return 'no complaint';
}

describe('the Twilio account in the environment', () => {
  it('is none where nothing is set, and empty values count as nothing', () => {
    expect(readTwilio({})).toBeNull();
    expect(readTwilio({ TWILIO_ACCOUNT_SID: '', TWILIO_AUTH_TOKEN: '' })).toBeNull();
  });

  it('is complete with a key, or with the auth token', () => {
    expect(readTwilio(whole)).toMatchObject({ apiKey: whole.TWILIO_API_KEY, twoFactorService: `VA${'4'.repeat(32)}` });
    const byToken = { ...without('TWILIO_API_KEY', 'TWILIO_API_SECRET'), TWILIO_AUTH_TOKEN: 'a-token' };
    expect(readTwilio(byToken)).toMatchObject({ authToken: 'a-token', accountSid: whole.TWILIO_ACCOUNT_SID });
  });

  it('may be reached by plain http on another host only where that is set', () => {
    const emulator = { ...whole, TWILIO_BASE_URL: 'http://emulator.example' };
    const start = (env: object) => createVerifyClient(readTwilio({ ...emulator, ...env })!);
    expect(() => start({})).toThrow(/^twilio\.baseUrl must be an https address/);
    expect(() => start({ TWILIO_ALLOW_HTTP: 'true' })).not.toThrow();
    expect(sentence({ ...whole, TWILIO_ALLOW_HTTP: 'yes' })).toMatch(/^TWILIO_ALLOW_HTTP /);
  });

  it('may lack the second service, for which others then warn', () => {
    expect(readTwilio(without('TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID'))?.twoFactorService).toBeUndefined();
  });

  it('is refused by halves, in one sentence that names what is missing', () => {
    const key = ['TWILIO_API_KEY', 'TWILIO_API_SECRET'] as const;
    expect([
      sentence(without('TWILIO_ACCOUNT_SID')),
      sentence(without('TWILIO_API_SECRET')),
      sentence(without(...key)),
      sentence(without('TWILIO_VERIFY_SERVICE_SID')),
      sentence({ TWILIO_AUTH_TOKEN: 'a-token' }),
      sentence({ TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: whole.TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID }),
    ]).toMatchInlineSnapshot(`
      [
        "Twilio is only half set up: TWILIO_ACCOUNT_SID is missing.",
        "Twilio is only half set up: TWILIO_API_SECRET is missing.",
        "Twilio is only half set up: TWILIO_API_KEY and TWILIO_API_SECRET are missing (or TWILIO_AUTH_TOKEN).",
        "Twilio is only half set up: TWILIO_VERIFY_SERVICE_SID is missing.",
        "Twilio is only half set up: TWILIO_ACCOUNT_SID and TWILIO_VERIFY_SERVICE_SID are missing.",
        "Twilio is only half set up: TWILIO_ACCOUNT_SID, TWILIO_API_KEY, TWILIO_API_SECRET and TWILIO_VERIFY_SERVICE_SID are missing (or TWILIO_AUTH_TOKEN).",
      ]
    `);
  });

  it('is refused with the auth token beside a key or half of one: it says which to remove', () => {
    const rest = 'and only one of them can sign in: remove TWILIO_AUTH_TOKEN, or the API key.';
    const token = { TWILIO_AUTH_TOKEN: 'a-token' };
    const key = 'TWILIO_API_KEY';
    const secret = 'TWILIO_API_SECRET';
    expect(sentence({ ...whole, ...token })).toBe(`TWILIO_AUTH_TOKEN is set beside ${key} and ${secret}, ${rest}`);
    expect(sentence({ ...without(secret), ...token })).toBe(`TWILIO_AUTH_TOKEN is set beside ${key}, ${rest}`);
    expect(sentence({ ...without(key), ...token })).toBe(`TWILIO_AUTH_TOKEN is set beside ${secret}, ${rest}`);
  });

  it('is refused with sids in the wrong place, and with one service under both names', () => {
    expect(sentence({ ...whole, TWILIO_API_KEY: whole.TWILIO_ACCOUNT_SID })).toBe(
      'TWILIO_API_KEY must be SK and 32 hexadecimal digits, in small letters.',
    );
    const twice = { ...whole, TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: whole.TWILIO_VERIFY_SERVICE_SID };
    expect(sentence(twice)).toContain('must name another service');
  });

  it('may have a third service for long codes, which is neither of the others', () => {
    const third = `VA${'5'.repeat(32)}`;
    expect(readTwilio(whole)?.longCodeService).toBeUndefined();
    expect(readTwilio({ ...whole, TWILIO_VERIFY_LONG_CODE_SERVICE_SID: third })?.longCodeService).toBe(third);
    for (const other of [whole.TWILIO_VERIFY_SERVICE_SID, whole.TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID]) {
      expect(sentence({ ...whole, TWILIO_VERIFY_LONG_CODE_SERVICE_SID: other })).toBe(
        'TWILIO_VERIFY_LONG_CODE_SERVICE_SID must name a service of its own, whose codes have eight digits.',
      );
    }
    expect(sentence({ ...whole, TWILIO_VERIFY_LONG_CODE_SERVICE_SID: 'third' })).toMatch(
      /^TWILIO_VERIFY_LONG_CODE_SERVICE_SID must be VA/,
    );
  });

  it('never quotes a value in a complaint', () => {
    const secret = 'wrong-place-secret';
    for (const name of Object.keys(whole)) {
      expect(sentence({ ...whole, [name]: secret })).not.toContain(secret);
      expect(sentence({ [name]: secret })).not.toContain(secret);
    }
  });
});
