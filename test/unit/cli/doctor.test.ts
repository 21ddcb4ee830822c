/** What the doctor finds in a set-up that works and in each one that does not. The emulator stands in for Twilio. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runDoctor } from '../../../src/cli/doctor/doctor.js';
import type { Emulator } from '../../../src/emulator/index.js';
import { sqliteAccounts } from '../../../src/server/index.js';
import { redisIsHere, startRedis } from '../../support/redis.js';
import { serveEnvironment } from '../../support/serve-environment.js';

const PHONE = '+14155552671';
const EMAIL = 'ada@example.com';
let emulator: Emulator;
let close: () => Promise<void>;
let env: Record<string, string>;

beforeAll(async () => {
  const services = [1, 2, 3].map((n) => ({ sid: `VA${String(n).repeat(32)}` }));
  const started = await serveEnvironment({ services });
  ({ emulator, close } = started);
  env = {
    ...started.env,
    VERIFY_STORE: 'sqlite::memory:',
    VERIFY_ACCOUNTS: 'sqlite::memory:',
    VERIFY_COUNTRIES: 'US',
    VERIFY_PROXIES: '127.0.0.1',
    VERIFY_METRICS_PORT: '0',
  };
});
beforeEach(() => emulator.reset());
afterAll(() => close());

async function examine(changes: Record<string, string | undefined> = {}, to: string[] = []) {
  const printed: string[] = [];
  const healthy = await runDoctor({ ...env, ...changes }, { to, print: (line) => void printed.push(line) });
  return { healthy, text: printed.join('\n') };
}

describe('a set-up that works', () => {
  it('passes every test, and nothing has to be changed', async () => {
    const { healthy, text } = await examine();
    expect(healthy).toBe(true);
    expect(text.replace(/in \d+ ms/, 'in 1 ms').replaceAll(/VA\w+/g, 'VA')).toMatchInlineSnapshot(`
      "Settings …
        ok: complete and consistent
      VERIFY_PORT (127.0.0.1:0) …
        ok: serve can listen there
      VERIFY_METRICS_PORT (127.0.0.1:0) …
        ok: serve can listen there
      Twilio: the Verify service for contacts (VA) …
        ok: “Verify Contact”, 6 digits
      Twilio: the Verify service for two-factor (VA) …
        ok: “Verify Contact”, 6 digits
      Twilio: separate services …
        ok: one for contacts and one for two-factor
      Twilio: channels, mailer, geo permissions …
        advice: Twilio's API does not show these for sms, email: \`doctor --to NUMBER --to ADDRESS\` finds out by sending codes to you. Geo permissions are under Verify › Settings › Geo permissions and should match VERIFY_COUNTRIES.
      Store (sqlite) …
        ok: writes, reads and removes, in 1 ms
      Accounts (sqlite) …
        ok: they answer, and their tables exist
      Nothing has to be changed."
    `);
    expect(emulator.outbox.list()).toEqual([]);
  });

  it('sends codes to contacts of the owner, and cancels them', async () => {
    const { healthy, text } = await examine({ VERIFY_CHANNELS: 'sms,call,email' }, [PHONE, EMAIL]);
    expect(healthy).toBe(true);
    for (const way of [`sms to \\${PHONE}`, `call to \\${PHONE}`, `email to ${EMAIL}`]) {
      expect(text).toMatch(new RegExp(`a code by ${way} …\n {2}ok: Twilio accepted it`));
    }
    expect(emulator.outbox.list().map(({ channel }) => channel)).toEqual(['email', 'call', 'sms']);
    expect(emulator.calls.filter(({ path, method }) => method === 'POST' && path.includes('/VE'))).toHaveLength(3);
  });

  it('says of each test contact that it is on, and until when, but not its code', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const entries = [
      { contact: '+12025550123', code: '471093', until },
      { contact: PHONE, code: '471093', until, owned: true, record: true },
      { contact: 'review@example.com', code: '471093', until: '2020-01-31' },
    ];
    const { healthy, text } = await examine({ VERIFY_TEST_CONTACTS: JSON.stringify(entries) });
    expect(healthy).toBe(true);
    expect(text).toContain(`advice: VERIFY_TEST_CONTACTS is on: +12025550123 takes a fixed code until ${until}.\n`);
    expect(text).toMatch(
      /\+14155552671 takes a fixed code .* whoever has the code can claim it\. The accounts record it\.\n/,
    );
    expect(text).toContain('VERIFY_TEST_CONTACTS: review@example.com ended on 2020-01-31, so remove it.\n');
    expect(text).not.toContain('471093');
  });

  it.each([
    ['a contact that is excluded', { contact: '+61491570156' }, / has •••• 56, which this backend does not accept/],
    ['a contact of somebody', { contact: PHONE }, /: contact must be of a range or a domain that belongs to nobody/],
    ['a code that is guessed first', { code: '123456' }, /: code must not be one that people guess first/],
  ])('refuses test contacts with %s, and names the variable', async (_, changes, sentence) => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const entry = { contact: '+12025550123', code: '471093', until, ...changes };
    const { healthy, text } = await examine({ VERIFY_TEST_CONTACTS: JSON.stringify([entry]) });
    expect(healthy).toBe(false);
    expect(text).toMatch(new RegExp(`CHANGE: VERIFY_TEST_CONTACTS${sentence.source}`));
  });
});

describe('a contact to which no code goes', () => {
  it.each([
    [
      '+49301234567',
      'sms,email',
      'No channel in VERIFY_CHANNELS (sms, email) reaches --to +49301234567: a landline needs',
    ],
    [
      PHONE,
      'email',
      `No channel in VERIFY_CHANNELS (email) reaches --to ${PHONE}: a phone needs sms, call or whatsapp.`,
    ],
    [EMAIL, 'sms', `No channel in VERIFY_CHANNELS (sms) reaches --to ${EMAIL}: an e-mail address needs email.`],
    [
      '+499001234567',
      'sms,call',
      '--to +499001234567 is a number of a kind that gets no codes, such as a premium-rate',
    ],
    ['ada', 'sms,email', '--to takes a number with its country code, or an e-mail address.'],
  ])('%s on %s is refused in words of its own', async (to, channels, sentence) => {
    await expect(examine({ VERIFY_CHANNELS: channels }, [to])).rejects.toThrow(sentence);
    expect(emulator.outbox.list()).toEqual([]);
  });

  it('by SMS gets a call, if it is a landline', async () => {
    const { text } = await examine({ VERIFY_CHANNELS: 'sms,call', VERIFY_COUNTRIES: 'DE' }, ['+49301234567']);
    expect(text).toContain('a code by call to +49301234567 …');
    expect(text).not.toContain('a code by sms');
  });
});

describe('a service for long codes', () => {
  const LONG = `VA${'3'.repeat(32)}`;
  const withLong = { TWILIO_VERIFY_LONG_CODE_SERVICE_SID: LONG };

  it('passes if its codes have eight digits, whatever the others have', async () => {
    emulator.configureService(LONG, { codeLength: 8 });
    const { healthy, text } = await examine(withLong);
    expect(healthy).toBe(true);
    expect(text).toContain(`the Verify service for long codes (${LONG}) …\n  ok: “Verify Contact”, 8 digits`);
  });

  it('has to be changed if its codes have as many digits as the others', async () => {
    const { healthy, text } = await examine(withLong);
    expect(healthy).toBe(false);
    expect(text).toContain(
      'its codes have 6 digits and long codes have 8: set that under Verify › Services › General.',
    );
  });
});

describe('one sentence says what to change', () => {
  const at = () => emulator.services.contact;
  it.each<[string, () => Record<string, string> | void, RegExp, string[]?]>([
    ['settings that contradict', () => ({ VERIFY_TWO_FACTOR: 'always' }), /VERIFY_TWO_FACTOR needs/],
    ['a key that is none', () => ({ VERIFY_SECRET: 'short' }), /VERIFY_SECRET must be at least 32 random bytes/],
    [
      'a limit that is none',
      () => ({ VERIFY_LIMITS: '{"sends":{"totl":{}}}' }),
      /VERIFY_LIMITS: sends\.totl is not an option/,
    ],
    [
      'an address that would send the secret in clear',
      () => ({ TWILIO_BASE_URL: 'http://emulator.example' }),
      /TWILIO_BASE_URL must be an https address/,
    ],
    ['credentials that Twilio refuses', () => ({ TWILIO_API_SECRET: 'wrong' }), /Twilio refused the credentials/],
    [
      'another account’s service',
      () => ({ TWILIO_VERIFY_SERVICE_SID: `VA${'9'.repeat(32)}` }),
      /no such Verify service/,
    ],
    [
      'Twilio out of reach',
      () => ({ TWILIO_BASE_URL: 'http://127.0.0.1:1' }),
      /nothing answers at TWILIO_BASE_URL \(ECONNREFUSED\): start what/,
    ],
    [
      'a path of Twilio’s in the address',
      () => ({ TWILIO_BASE_URL: `${env.TWILIO_BASE_URL}/v2/` }),
      /Or correct the path in TWILIO_BASE_URL: \/v2 and what follows it are added to it\./,
    ],
    [
      'another code length',
      () => emulator.configureService(at(), { codeLength: 8 }),
      /have 8 digits and VERIFY_CODE_LENGTH is 6/,
    ],
    [
      'short codes',
      () => (emulator.configureService(at(), { codeLength: 4 }), { VERIFY_CODE_LENGTH: '4' }),
      /fewer than six/,
    ],
    ['PSD2', () => emulator.configureService(at(), { psd2Enabled: true }), /PSD2 is on/],
    ['WhatsApp without a sender', () => ({ VERIFY_CHANNELS: 'sms,whatsapp' }), /no WhatsApp sender/],
    ['no mailer', () => emulator.configureService(at(), { mailer: false }), /no e-mail integration/, [EMAIL]],
    [
      'a channel that is off',
      () => emulator.configureService(at(), { channels: ['email'] }),
      /channel is off/,
      [PHONE],
    ],
    [
      'a country that is off',
      () => emulator.configureService(at(), { geo: { deny: ['US'] } }),
      /Geo permissions/,
      [PHONE],
    ],
    [
      'a store out of reach',
      () => ({ VERIFY_STORE: 'redis://127.0.0.1:1', VERIFY_STORE_TIMEOUT: '10000' }),
      /The request to Redis failed/,
    ],
    [
      'accounts out of reach',
      () => ({ VERIFY_ACCOUNTS: 'postgres://ada:word@127.0.0.1:1/x' }),
      /VERIFY_ACCOUNTS \(127\.0\.0\.1:1\): The accounts cannot be used \(ECONNREFUSED\)/,
    ],
    [
      'a bearer issuer out of reach',
      () => ({
        VERIFY_BEARER_ISSUER: 'https://shop.example',
        VERIFY_BEARER_AUDIENCE: 'verify',
        VERIFY_BEARER_JWKS: 'http://127.0.0.1:1/jwks.json',
      }),
      /cannot be loaded from VERIFY_BEARER_JWKS/,
    ],
  ])('%s', async (_, arrange, sentence, to = []) => {
    const { healthy, text } = await examine(arrange() ?? {}, to);
    expect(healthy).toBe(false);
    expect(text).toMatch(new RegExp(`CHANGE: .*${sentence.source}`));
    for (const name of ['VERIFY_SECRET', 'VERIFY_SIGNING_KEY', 'TWILIO_API_SECRET'])
      expect(text).not.toContain(env[name]);
  });

  it('a bearer issuer whose keys cannot be loaded', async () => {
    const bearer = {
      VERIFY_BEARER_ISSUER: 'https://shop.example',
      VERIFY_BEARER_AUDIENCE: 'verify',
      VERIFY_BEARER_JWKS: `${env.TWILIO_BASE_URL}/jwks.json`,
    };
    // The emulator answers 404 there, which counts as an outage.
    expect((await examine(bearer)).text).toContain('cannot be loaded');
  });
});

it.skipIf(!redisIsHere)(
  'a Redis that is no cluster is not taken for one: the sentence says what to change',
  async () => {
    const redis = await startRedis('--maxmemory-policy', 'noeviction');
    const { healthy, text } = await examine({ VERIFY_STORE: `cluster:${redis.url}`, VERIFY_STORE_TIMEOUT: '5000' });
    await redis.down();
    expect(healthy).toBe(false);
    expect(text).toContain(
      'CHANGE: No node of a Redis Cluster answers at any of the addresses: correct them, or name a',
    );
  },
);

it('accounts in which two users share a contact are named with the variable that forbids it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-contact-shared-'));
  const file = join(folder, 'users.db');
  const accounts = sqliteAccounts({ file });
  for (const user of ['ada', 'bob']) await accounts.contactVerified(user, { type: 'phone', value: PHONE });
  await accounts.close();
  const { text } = await examine({ VERIFY_ACCOUNTS: `sqlite:${file}`, VERIFY_UNIQUE_CONTACTS: 'true' });
  rmSync(folder, { recursive: true });
  expect(text).toContain(
    'VERIFY_ACCOUNTS: The accounts cannot be used (VERIFY_UNIQUE_CONTACTS is on, but two users share',
  );
});

it('an address on this machine does not say that there is a proxy: the advice is for those who have one', async () => {
  const { text } = await examine({ VERIFY_PROXIES: undefined });
  expect(text).toContain('advice: If visitors come through a proxy on this machine, name it in VERIFY_PROXIES: ');
});

it.skipIf(!redisIsHere)(
  'a Redis that may evict counters has to be changed, and so has a clock that differs from it',
  async () => {
    const redis = await startRedis('--maxmemory-policy', 'volatile-lru');
    const evicting = await examine({ VERIFY_STORE: redis.url, VERIFY_STORE_TIMEOUT: '5000' });
    expect(evicting.healthy).toBe(false);
    expect(evicting.text).toContain('CHANGE: The maxmemory-policy of Redis is volatile-lru: set it to noeviction,');
    await redis.down();
    const other = await startRedis();
    const { now } = Date;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now() - 10_000);
    const late = await examine({ VERIFY_STORE: other.url, VERIFY_STORE_TIMEOUT: '5000' });
    clock.mockRestore();
    expect(late.text).toMatch(/CHANGE: The request was refused: the clock of this machine says .+, and that of Redis /);
    await other.down();
  },
);
