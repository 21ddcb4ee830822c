/** What `verify-contact serve` accepts from its environment, and the one sentence for everything else. */
import { beforeAll, describe, expect, it } from 'vitest';
import { SettingsError } from '../../../src/cli/settings/twilio-settings.js';
import { readPort } from '../../../src/cli/settings/read-setting.js';
import { readSettings } from '../../../src/cli/settings/handler-settings.js';
import { createHandler, generateKeys } from '../../../src/server/index.js';

const twilio = {
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'a-token',
  TWILIO_VERIFY_SERVICE_SID: `VA${'3'.repeat(32)}`,
  TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: `VA${'4'.repeat(32)}`,
};
const bearer = {
  VERIFY_BEARER_ISSUER: 'https://shop.example',
  VERIFY_BEARER_AUDIENCE: 'verify-contact',
  VERIFY_BEARER_JWKS: 'https://shop.example/jwks.json',
};
let whole: Record<string, string>;

beforeAll(async () => {
  const { secret, signing } = await generateKeys();
  const keys = { VERIFY_SECRET: secret, VERIFY_SIGNING_KEY: JSON.stringify(signing) };
  whole = { ...twilio, ...bearer, ...keys, VERIFY_AUDIENCE: 'https://shop.example' };
});

function without(...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)));
}

function sentence(env: Record<string, string>): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('the settings of serve', () => {
  it('make a handler that is ready, listening on this machine alone unless told otherwise', async () => {
    const { hostname, port, handler } = readSettings(whole);
    expect({ hostname, port }).toEqual({ hostname: '127.0.0.1', port: 8787 });
    await expect(createHandler(handler).ready()).resolves.toBeUndefined();
  });

  it('ask for two-factor by account where people sign in, and for none where nobody can', () => {
    expect(readSettings(whole).handler.twoFactor).toEqual({ required: 'by-account', email: false });
    const anonymous = { ...without(...Object.keys(bearer)), VERIFY_ANONYMOUS: 'true' };
    expect(readSettings(anonymous).handler).toMatchObject({ anonymous: true, twoFactor: { required: 'never' } });
  });

  it('are refused where something is missing, in one sentence that names it', () => {
    expect(sentence({})).toMatch(/^TWILIO_ACCOUNT_SID and its companions are missing/);
    for (const name of ['VERIFY_AUDIENCE', 'VERIFY_SECRET', 'VERIFY_SIGNING_KEY', 'VERIFY_BEARER_JWKS']) {
      expect(sentence(without(name))).toMatch(new RegExp(`^${name} is missing: .+\\.$`));
    }
  });

  it('are refused with two-factor on one Verify service, which would let a code phished from a sign-up page sign in', () => {
    const one = without('TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID');
    expect(sentence(one)).toMatch(/^TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID is missing/);
    expect(sentence({ ...one, VERIFY_TWO_FACTOR: 'always' })).toMatch(/^TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID/);
    expect(sentence({ ...one, VERIFY_TWO_FACTOR: 'never' })).toBe('no complaint');
  });

  it('are refused where they contradict each other', () => {
    const nobody = without(...Object.keys(bearer));
    expect(sentence(nobody)).toContain('nobody could verify anything');
    const always = { ...nobody, VERIFY_ANONYMOUS: 'true', VERIFY_TWO_FACTOR: 'always' };
    expect(sentence(always)).toBe('VERIFY_TWO_FACTOR needs VERIFY_BEARER_ISSUER: without it nobody is ever signed in.');
  });

  it('are refused where a value is not of its kind, and the value is not quoted', () => {
    for (const [name, value] of [
      ['VERIFY_TWO_FACTOR', 'sometimes'],
      ['VERIFY_ANONYMOUS', 'yes'],
      ['VERIFY_PORT', '99999'],
      ['VERIFY_STORE', 'mongo://secret@db'],
      ['VERIFY_ACCOUNTS', 'mysql://secret@db'],
      ['VERIFY_CHANNELS', 'sms,pigeon'],
      ['VERIFY_SIGNING_KEY', 'secret'],
      ['VERIFY_BEARER_JWKS', 'http://secret.example/jwks'],
    ] as const) {
      expect(sentence({ ...whole, [name]: value })).toMatch(new RegExp(`^${name} must be `));
      expect(sentence({ ...whole, [name]: value })).not.toMatch(/secret\b.*@|pigeon|mongo:|mysql:/);
    }
  });

  it('are refused where a name is misspelt, but not for what Kubernetes sets beside them', () => {
    expect(sentence({ ...whole, VERIFY_ORIGIN: 'https://shop.example' })).toMatch(/^VERIFY_ORIGIN is not a setting/);
    expect(sentence({ ...whole, VERIFY_SERVICE_HOST: '10.0.0.1' })).toBe('no complaint');
  });

  it('take lists with and without space', () => {
    const { handler } = readSettings({ ...whole, VERIFY_ORIGINS: 'https://a.example, https://b.example' });
    expect(handler.origins).toEqual(['https://a.example', 'https://b.example']);
  });
});

describe('a port', () => {
  it('is a whole number below 65,536', () => {
    expect(['0', '8787', '65535'].map((text) => readPort('--port', text))).toEqual([0, 8787, 65535]);
    for (const text of ['', '-1', '65536', '1e3', ' 80', 'http']) {
      expect(() => readPort('--port', text)).toThrow('--port must be a port number.');
    }
  });
});
