/** One wrong value of each variable, and the sentence, which names the variable. The backend's own checks find most of them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { assertAccepted } from '../../../src/cli/settings/accepted-settings.js';
import { readSettings } from '../../../src/cli/settings/handler-settings.js';
import { SettingsError } from '../../../src/cli/settings/parse-settings.js';
import { settingNames, type SettingName } from '../../../src/cli/settings/settings-schema.js';
import { generateKeys } from '../../../src/server/index.js';

const sid = (prefix: string, letter: string) => `${prefix}${letter.repeat(32)}`;
const around = 'must have no white space or quotation marks around it, and no control characters.';
const noKey = 'must be a private JWK of kind EC P-256 or OKP Ed25519.';
const noSecret = 'must be at least 32 random bytes in base64url.';
const noHost = 'must be an address or name to listen on, such as 0.0.0.0 or localhost, without a port.';

/** Values that must be refused, with the rest of the sentence. */
const wrong: Record<SettingName, [value: string, rest: string][]> = {
  TWILIO_ACCOUNT_SID: [
    [sid('AC', 'A'), 'must be AC and 32 hexadecimal digits, in small letters.'],
    [sid('VA', 'a'), 'must be AC and 32 hexadecimal digits, in small letters.'],
  ],
  TWILIO_API_KEY: [[sid('sk', 'a'), 'must be SK and 32 hexadecimal digits, in small letters.']],
  TWILIO_API_SECRET: [['"secret"', around]],
  TWILIO_AUTH_TOKEN: [['token\r', around]],
  TWILIO_VERIFY_SERVICE_SID: [[sid('VA', 'F'), 'must be VA and 32 hexadecimal digits, in small letters.']],
  TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: [
    [sid('VB', 'f'), 'must be VA and 32 hexadecimal digits, in small letters.'],
    [
      sid('VA', '3'),
      'must name another service than TWILIO_VERIFY_SERVICE_SID: Twilio counts codes and attempts by service and number.',
    ],
  ],
  TWILIO_VERIFY_LONG_CODE_SERVICE_SID: [
    ['3', 'must be VA and 32 hexadecimal digits, in small letters.'],
    [sid('VA', '3'), 'must name a service of its own, whose codes have eight digits.'],
  ],
  TWILIO_BASE_URL: [
    [
      'http://emulator.example',
      'must be an https address without user name, password and query (http only to this machine, or with TWILIO_ALLOW_HTTP=true).',
    ],
    [
      'https://user:secret@emulator.example',
      'must be an https address without user name, password and query (http only to this machine, or with TWILIO_ALLOW_HTTP=true).',
    ],
  ],
  TWILIO_ALLOW_HTTP: [['1', 'must be one of: true, false.']],
  VERIFY_AUDIENCE: [["'https://shop.example'", around]],
  VERIFY_SECRET: [['c2hvcnQ', noSecret]],
  VERIFY_SIGNING_KEY: [
    ['{"kty":"RSA"}', noKey],
    ['[]', 'must be a private JWK as JSON.'],
  ],
  VERIFY_NEXT_SECRET: [['c2hvcnQ', noSecret]],
  VERIFY_NEXT_SIGNING_KEY: [['{"kty":"EC","d":"x"}', noKey]],
  VERIFY_PREVIOUS_SECRET: [['c2hvcnQ', noSecret]],
  VERIFY_PREVIOUS_SIGNING_KEY: [['{"kty":"EC","d":"x"}', noKey]],
  VERIFY_ISSUER: [[' verify-contact', around]],
  VERIFY_HOST: [
    ['http://0.0.0.0', noHost],
    ['0.0.0.0:8787', noHost],
  ],
  VERIFY_PORT: [['65536', 'must be a port number from 0 to 65535.']],
  VERIFY_MAX_CONNECTIONS: [['0', 'must be a whole number from 1 to 65535.']],
  VERIFY_ORIGINS: [
    [
      'https://a.example,https://b.example/',
      'has "https://b.example/", which is not an exact origin such as https://shop.example.',
    ],
  ],
  VERIFY_PROXIES: [
    [
      '127.0.0.1,10.0.0.0/',
      'has "10.0.0.0/", which is neither an address nor a network such as 10.0.0.0/8, with no bits after its prefix.',
    ],
  ],
  VERIFY_ANONYMOUS: [['yes', 'must be one of: true, false.']],
  VERIFY_BEARER_ISSUER: [['https://shop.example ', around]],
  VERIFY_BEARER_AUDIENCE: [['"verify"', around]],
  VERIFY_BEARER_ALGORITHMS: [
    ['ES257', 'has "ES257", which is not one of the algorithms with a public key. Did you mean ES256?'],
    [
      'HS256',
      'has "HS256", which is not one of the algorithms with a public key. It needs a shared secret: let the issuer sign with a private key, as for ES256.',
    ],
  ],
  VERIFY_BEARER_JWKS: [
    [
      'http://shop.example/jwks.json',
      'must be an https address without user name and password (http only to this machine).',
    ],
    [
      'http://localhost:x@elsewhere.example/',
      'must be an https address without user name and password (http only to this machine).',
    ],
  ],
  VERIFY_TWO_FACTOR: [['Always', 'must be one of: always, by-account, never.']],
  VERIFY_TWO_FACTOR_EMAIL: [['on', 'must be one of: true, false.']],
  VERIFY_STORE: [
    ['mongo://user:secret@db', 'must be memory, sqlite:FILE, redis://… or cluster:redis://….'],
    ['sqlite:', 'must name a file after sqlite:, such as sqlite:/var/lib/verify-contact/verify.db.'],
    ['/tmp/secret@/x.db', 'is the path of a file: write sqlite: before it.'],
    ['verify.db', 'is the path of a file: write sqlite: before it.'],
    ['redis://user:secret@a,redis://user:secret@b', 'has several addresses: write cluster: before the first one.'],
    ['cluster:redis://a,http://b', 'must be an address that begins with redis:// or rediss://.'],
  ],
  VERIFY_STORE_TIMEOUT: [['9', 'must be a whole number from 10 to 10000.']],
  VERIFY_ACCOUNTS: [
    ['mysql://user:secret@db', 'must be memory, sqlite:FILE or postgres://….'],
    ['sqlite:', 'must name a file after sqlite:, such as sqlite:/var/lib/verify-contact/verify.db.'],
    ['./users.db', 'is the path of a file: write sqlite: before it.'],
  ],
  VERIFY_UNIQUE_CONTACTS: [['yes', 'must be one of: true, false.']],
  VERIFY_COUNTRIES: [
    ['de', 'has "de", which is not one of the countries of ISO 3166-1 alpha-2. Did you mean DE?'],
    ['DE,UK', 'has "UK", which is not one of the countries of ISO 3166-1 alpha-2. Did you mean GB?'],
    [
      'Germany',
      'has "Germany", which is not one of the countries of ISO 3166-1 alpha-2. Each has two capital letters, such as DE.',
    ],
    ['DE AT', 'has "DE AT" as one item: write commas between the items.'],
    ['DE;AT', 'has "DE;AT" as one item: write commas between the items.'],
    [',', 'must be a list of one or more countries of ISO 3166-1 alpha-2.'],
  ],
  VERIFY_CHANNELS: [
    ['fax', 'has "fax", which is not one of the channels. Use sms, call, whatsapp, email.'],
    ['email,SMS', 'has "SMS", which is not one of the channels. Did you mean sms?'],
    [' , ', 'must be a list of one or more channels.'],
  ],
  VERIFY_TEST_CONTACTS: [
    ['{"contact":"+12025550123"}', 'must be a list of test contacts as JSON.'],
    ['[{', 'must be a list of test contacts as JSON.'],
  ],
  VERIFY_LIMITS: [
    ['[]', 'must be an object of limits as JSON.'],
    ['{"sends":{"totl":{}}}', ': sends.totl is not an option. Did you mean total?'],
  ],
  VERIFY_CODE_LENGTH: [['3', 'must be a whole number from 4 to 10.']],
  VERIFY_LOG_LEVEL: [['trace', 'must be one of: debug, info, warn, error, silent.']],
  VERIFY_METRICS_PORT: [
    ['-1', 'must be a port number from 0 to 65535.'],
    ['8787', 'must be another port than VERIFY_PORT: metrics are not public.'],
  ],
  VERIFY_METRICS_HOST: [['localhost:9464', noHost]],
  VERIFY_PRICES: [['sms:ZZ=1', 'has "sms:ZZ=1", which is no price such as sms=0.05 or sms:ID=0.4.']],
};

let whole: Partial<Record<SettingName, string>>;

beforeAll(async () => {
  const [keys, next, previous] = [await generateKeys(), await generateKeys(), await generateKeys()];
  whole = {
    TWILIO_ACCOUNT_SID: sid('AC', '1'),
    TWILIO_API_KEY: sid('SK', '2'),
    TWILIO_API_SECRET: 'the-secret-of-the-key',
    TWILIO_VERIFY_SERVICE_SID: sid('VA', '3'),
    TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: sid('VA', '4'),
    TWILIO_BASE_URL: 'https://twilio.example',
    VERIFY_AUDIENCE: 'https://shop.example',
    VERIFY_SECRET: keys.secret,
    VERIFY_SIGNING_KEY: JSON.stringify(keys.signing),
    VERIFY_NEXT_SECRET: next.secret,
    VERIFY_NEXT_SIGNING_KEY: JSON.stringify(next.signing),
    VERIFY_PREVIOUS_SECRET: previous.secret,
    VERIFY_PREVIOUS_SIGNING_KEY: JSON.stringify(previous.signing),
    VERIFY_ORIGINS: 'https://shop.example',
    VERIFY_PROXIES: '127.0.0.1',
    VERIFY_BEARER_ISSUER: 'https://shop.example',
    VERIFY_BEARER_AUDIENCE: 'verify-contact',
    VERIFY_BEARER_JWKS: 'https://shop.example/jwks.json',
    VERIFY_STORE: 'redis://127.0.0.1',
    VERIFY_STORE_TIMEOUT: '500',
    VERIFY_ACCOUNTS: 'memory',
    VERIFY_COUNTRIES: 'DE,AT',
    VERIFY_LIMITS: '{"sends":{"total":{"perHour":9}}}',
    VERIFY_METRICS_PORT: '9464',
    VERIFY_PRICES: 'sms=0.05,sms:ID=0.4',
  };
});

async function sentence(changes: Partial<Record<SettingName, string>>): Promise<string> {
  try {
    await assertAccepted(readSettings({ ...whole, ...changes }));
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no complaint';
}

it('without a wrong value there is no complaint', async () => {
  expect(await sentence({})).toBe('no complaint');
});

describe.each(settingNames)('a wrong value of %s', (name) => {
  it('is refused in a sentence that begins with the name', async () => {
    expect(wrong[name].length).toBeGreaterThan(0);
    for (const [value, rest] of wrong[name]) {
      expect(await sentence({ [name]: value })).toBe(`${name}${rest.startsWith(':') ? '' : ' '}${rest}`);
    }
  });

  it('is never quoted if it may hold a secret', async () => {
    for (const [value] of wrong[name]) expect(await sentence({ [name]: value })).not.toContain('secret@');
  });
});

it('a blank at the end of a line of settings is refused wherever it would be part of the value', async () => {
  const texts = settingNames.filter((name) => wrong[name].some(([, rest]) => rest === around));
  expect(texts.length).toBeGreaterThan(5);
  for (const name of texts) {
    for (const value of ['x ', '\tx', 'x\n', '"x"', "'x'", 'a\0b', ' ']) {
      expect(await sentence({ [name]: value })).toBe(`${name} ${around}`);
    }
    expect(await sentence({ [name]: 'the shop\'s "name"' })).not.toContain(around);
  }
});
