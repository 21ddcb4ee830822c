/** Which environments `verify-contact serve` accepts, and the one sentence with which it refuses the others. */
import { beforeAll, describe, expect, it } from 'vitest';
import { readPort, SettingsError } from '../../../src/cli/settings/parse-settings.js';
import { describeSetting, helpOf, neededBy, settingNames } from '../../../src/cli/settings/settings-schema.js';
import { Channel } from '../../../src/protocol/schemas.js';
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
    const { listen, handler } = readSettings(whole);
    expect(listen).toEqual({ hostname: '127.0.0.1', port: 8787, maxConnections: 2000 });
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
    expect(sentence(nobody)).toContain('otherwise nobody may verify a contact');
    const always = { ...nobody, VERIFY_ANONYMOUS: 'true', VERIFY_TWO_FACTOR: 'always' };
    expect(sentence(always)).toBe('VERIFY_TWO_FACTOR needs VERIFY_BEARER_ISSUER: without it nobody is ever signed in.');
  });

  it('are refused where a value is not of its kind, and a value that may hold a secret is not quoted', () => {
    for (const [name, value] of [
      ['VERIFY_TWO_FACTOR', 'sometimes'],
      ['VERIFY_ANONYMOUS', 'yes'],
      ['VERIFY_PORT', '99999'],
      ['VERIFY_STORE', 'mongo://secret@db'],
      ['VERIFY_ACCOUNTS', 'mysql://secret@db'],
      ['VERIFY_SIGNING_KEY', 'secret'],
      ['VERIFY_BEARER_JWKS', 'http://secret.example/jwks'],
    ] as const) {
      expect(sentence({ ...whole, [name]: value })).toMatch(new RegExp(`^${name} must be `));
      expect(sentence({ ...whole, [name]: value })).not.toMatch(/secret\b.*@|mongo:|mysql:/);
    }
  });

  it('are refused where they have no effect without another one', () => {
    for (const [name, value, needed] of [
      ['VERIFY_METRICS_HOST', '0.0.0.0', 'VERIFY_METRICS_PORT'],
      ['VERIFY_PRICES', 'sms=0.1', 'VERIFY_METRICS_PORT'],
      ['VERIFY_STORE_TIMEOUT', '900', 'Redis in VERIFY_STORE'],
    ] as const) {
      expect(sentence({ ...whole, [name]: value })).toBe(`${name} has no effect without ${needed}.`);
    }
    const nobody = { ...without(...Object.keys(bearer)), VERIFY_ANONYMOUS: 'true', VERIFY_BEARER_ALGORITHMS: 'ES256' };
    expect(sentence(nobody)).toBe('VERIFY_BEARER_ALGORITHMS has no effect without VERIFY_BEARER_ISSUER.');
  });

  it('accept every channel of the protocol, and offer text messages and e-mail by default', () => {
    const { handler } = readSettings({ ...whole, VERIFY_CHANNELS: Channel.options.join() });
    expect(handler.channels).toEqual(Channel.options);
    expect(readSettings(whole).handler.channels).toEqual(['sms', 'email']);
  });

  it('price a code by channel and country, then by channel, then as Twilio usually does', () => {
    const prices = { VERIFY_METRICS_PORT: '9464', VERIFY_PRICES: 'sms=0.05,sms:ID=0.4,call=0.1' };
    const { price } = readSettings({ ...whole, ...prices }).operation.metrics ?? { price: () => -1 };
    expect([price('sms', 'ID'), price('sms', 'DE'), price('call', 'ID'), price('email', undefined)]).toEqual([
      0.4, 0.05, 0.1, 0.05,
    ]);
    const fault = (value: string) => sentence({ ...whole, ...prices, VERIFY_PRICES: value });
    const noPrice = 'which is no price such as sms=0.05 or sms:ID=0.4.';
    expect(fault('sms=0.05,pigeon=1')).toBe(`VERIFY_PRICES has "pigeon=1", ${noPrice}`);
    expect(fault('sms:XX=1')).toBe(`VERIFY_PRICES has "sms:XX=1", ${noPrice}`);
    expect(fault('sms=1,sms=2')).toBe('VERIFY_PRICES has "sms=2", which is a second price of the same.');
  });

  it('is described in words of its own', () => {
    const help = settingNames.map(helpOf);
    expect(new Set(help).size).toBe(help.length);
    expect(helpOf('VERIFY_AUDIENCE')).toContain('aud of proofs');
    expect(helpOf('VERIFY_SECRET')).toContain('32 random bytes');
    expect([helpOf('VERIFY_ANONYMOUS'), neededBy('VERIFY_ANONYMOUS')]).toEqual([
      'true: visitors who are not signed in may verify a contact',
      undefined,
    ]);
  });

  it('are all described, and those that another one needs exist', () => {
    for (const name of settingNames) {
      expect(helpOf(name)).toMatch(/^\S.*[^.]$/);
      expect([undefined, ...settingNames]).toContain(neededBy(name));
    }
    expect(describeSetting('VERIFY_PORT')).toBe('the port to listen on; default 8787');
    expect(describeSetting('VERIFY_AUDIENCE')).toMatch(/^required: /);
  });

  it('give each contact to one user only where that is set', async () => {
    const phone = { type: 'phone', value: '+14155552671' } as const;
    for (const place of ['memory', 'sqlite::memory:']) {
      for (const [unique, outcome] of [
        ['true', 'ContactInUseError'],
        ['false', 'verified'],
      ] as const) {
        const env = { ...whole, VERIFY_ACCOUNTS: place, VERIFY_UNIQUE_CONTACTS: unique };
        const { accounts } = readSettings(env).handler;
        await accounts?.contactVerified('ada', phone);
        const second = accounts?.contactVerified('mallory', phone).then(() => 'verified');
        expect(await second?.catch((error: Error) => error.name)).toBe(outcome);
        await accounts?.close();
      }
    }
    expect(sentence({ ...whole, VERIFY_UNIQUE_CONTACTS: 'true' })).toBe(
      'VERIFY_UNIQUE_CONTACTS has no effect without VERIFY_ACCOUNTS.',
    );
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
      expect(() => readPort('--port', text)).toThrow('--port must be a port number from 0 to 65535.');
    }
  });
});
