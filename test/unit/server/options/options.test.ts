/** Every option of the backend: a wrong, missing or misspelt one is refused at creation, in a sentence that names it. */
import { getCountries } from 'libphonenumber-js/max';
import { beforeAll, expect, it } from 'vitest';
import {
  bearerIdentity,
  createHandler,
  generateKeys,
  memoryAccounts,
  memoryStore,
  postgresAccounts,
  redisStore,
  sqliteAccounts,
  sqliteStore,
  verifyProof,
  type HandlerOptions,
} from '../../../../src/server/index.js';
import { countryCodes } from '../../../../src/server/options/countries.js';
import { handlerOptions } from '../../../../src/server/options/handler.js';
import { Channel } from '../../../../src/protocol/schemas.js';

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
function refusal(create: () => unknown): string {
  try {
    create();
    return 'accepted';
  } catch (error) {
    return error instanceof TypeError ? error.message : `not a TypeError: ${String(error)}`;
  }
}

/** Adds a value under a path such as `twoFactor.required`. */
function withValue(path: string, value: unknown): unknown {
  const [first = '', second] = path.split('.');
  if (second === undefined) return { ...good, [first]: value };
  const group = (good as unknown as Record<string, object | undefined>)[first];
  return { ...good, [first]: { ...group, [second]: value } };
}

it.each([
  ['twoFactor', undefined, 'twoFactor is undefined: it must be'],
  ['twoFactor', 'always', 'twoFactor must be an object with required, email.'],
  ['twoFactor.required', undefined, 'twoFactor.required is undefined: it must be always, by-account or never.'],
  ['twoFactor.required', 'byAccount', 'twoFactor.required must be always, by-account or never.'],
  ['twoFactor.required', 'Always', 'twoFactor.required must be'],
  ['twoFactor.required', true, 'twoFactor.required must be'],
  ['twoFactor.required', null, 'twoFactor.required must be'],
  ['twoFactor.email', undefined, 'twoFactor.email is undefined: it must be true or false.'],
  ['twoFactor.email', 'false', 'twoFactor.email must be true or false.'],
  ['twoFactor.require', 'always', 'twoFactor.require is not an option. Did you mean required?'],
  ['anonymous', undefined, 'anonymous is undefined: it must be true or false.'],
  ['anonymous', 'false', 'anonymous must be true or false.'],
  ['anonymous', 0, 'anonymous must be true or false.'],
  ['anonimous', true, 'anonimous is not an option. Did you mean anonymous?'],
  ['beforesend', () => true, 'beforesend is not an option. Did you mean beforeSend?'],
  ['countrys', ['US'], 'countrys is not an option. Did you mean countries?'],
  ['wholly', 1, 'wholly is not an option. Use twilio, keys, audience,'],
  ['origins', undefined, 'origins is undefined: it must be'],
  ['origins', 'https://shop.example', 'origins must be a list of exact origins.'],
  ['origins', ['https://shop.example/'], 'origins has "https://shop.example/", which is not an exact origin'],
  ['origins', ['https://*.example'], 'origins has "https://*.example", which is not'],
  ['countries', undefined, 'countries is undefined: it must be a list'],
  ['countries', [], 'countries must be a list of one or more countries'],
  [
    'countries',
    ['us'],
    'countries has "us", which is not one of the countries of ISO 3166-1 alpha-2. Did you mean US?',
  ],
  ['countries', ['UK'], 'which is not one of the countries of ISO 3166-1 alpha-2. Did you mean GB?'],
  ['countries', ['Spain'], 'of ISO 3166-1 alpha-2. Each has two capital letters, such as DE.'],
  ['countries', 'US', 'countries must be a list'],
  ['channels', undefined, 'channels is undefined'],
  ['channels', [], 'channels must be a list of one or more channels.'],
  ['channels', ['sms', 'SMS'], 'channels has "SMS", which is not one of the channels. Did you mean sms?'],
  ['channels', ['fax'], 'channels has "fax", which is not one of the channels. Use sms, call, whatsapp, email.'],
  ['numberTypes', undefined, 'numberTypes is undefined'],
  ['numberTypes', [], 'numberTypes must be a list'],
  ['numberTypes', ['cell'], 'numberTypes has "cell", which is not one of the types of number. Use mobile,'],
  ['audience', undefined, 'audience is undefined: it must name the application'],
  ['audience', '', 'audience must name'],
  ['audience', ['a'], 'audience must name'],
  ['issuer', null, 'issuer must be'],
  ['keys', undefined, 'keys is undefined: it must be the object that generateKeys() makes: call it once,'],
  ['keys', 'x', 'keys must be the object that generateKeys() makes: call it once, and store what it makes.'],
  ['keys.secret', 'tooshort', 'keys.secret must be at least 32 random bytes in base64url.'],
  ['keys.signing', {}, 'keys.signing must be a private JWK'],
  ['keys.prevSecret', 'x', 'keys.prevSecret is not an option.'],
  ['contactProofLifetime', '60', 'contactProofLifetime must be a whole number of seconds from 1 to 86400.'],
  ['contactProofLifetime', NaN, 'contactProofLifetime must be a whole number'],
  ['contactProofLifetime', 0, 'contactProofLifetime must be a whole number'],
  ['twoFactorProofLifetime', Infinity, 'twoFactorProofLifetime must be a whole number'],
  ['identify', {}, 'identify must be a function.'],
  ['beforeSend', true, 'beforeSend must be a function.'],
  ['onEvent', 'console', 'onEvent must be a function.'],
  ['now', 1, 'now must be a function.'],
  ['accounts', { contacts: () => null }, 'accounts must be an object with the methods contacts, contactVerified.'],
  [
    'accounts',
    { ...memoryAccounts(), factors: { ...memoryAccounts().factors, remove: undefined } },
    'accounts.factors must be an object with the methods list, identity, add, rename, remove, used.',
  ],
  ['accounts', 'postgres://a', 'accounts must be what postgresAccounts({ url }), sqliteAccounts({ file }) or memory'],
  ['store', {}, 'store must be an object with the methods reserve,'],
  ['store', 'redis://a', 'store must be what redisStore({ url }), sqliteStore({ file }) or memoryStore() makes.'],
  ['limits.sends', { totl: 3 }, 'limits.sends.totl is not an option. Did you mean total?'],
  ['limits.checks', { destination: '5' }, 'limits.checks.destination must be a whole number from 0 to 10.'],
  ['clientAddress', '10.0.0.1', 'clientAddress must be an object with proxies, or a function.'],
  ['clientAddress', { proxies: [] }, 'clientAddress.proxies must be a list of one or more'],
  ['clientAddress', { proxy: ['10.0.0.1'] }, 'clientAddress.proxy is not an option.'],
  [
    'clientAddress',
    { proxies: ['::1'], header: 'x-forwarded' },
    'clientAddress.header must be x-forwarded-for, forwarded,',
  ],
  ['twilio', undefined, 'twilio is undefined: it must be an object with accountSid and contactService; it may'],
  ['twilio.accountSid', 'AC1', 'twilio.accountSid must be AC and 32 hexadecimal digits, in small letters.'],
  // Twilio answers in small letters: each answer would be about another account.
  ['twilio.accountSid', `AC${'A'.repeat(32)}`, 'twilio.accountSid must be AC and 32 hexadecimal digits, in small'],
  ['twilio.accountSid', `ac${'a'.repeat(32)}`, 'twilio.accountSid must be AC and 32 hexadecimal digits, in small'],
  ['twilio.contactService', `VA${'f'.repeat(31)}F`, 'twilio.contactService must be VA and 32 hexadecimal digits, in'],
  ['twilio.contactService', `AC${'f'.repeat(32)}`, 'twilio.contactService must be VA and 32 hexadecimal digits, in'],
  ['twilio.twoFactorService', `VA${'f'.repeat(33)}`, 'twilio.twoFactorService must be VA and 32 hexadecimal digits,'],
  ['twilio.twoFactorService', `VA${'3'.repeat(32)}`, 'twilio.twoFactorService must be another service than contact'],
  ['twilio.apiKey', `sk${'f'.repeat(32)}`, 'twilio.apiKey must be SK and 32 hexadecimal digits, in small letters.'],
  ['twilio.templateSid', `HJ${'f'.repeat(31)}\n`, 'twilio.templateSid must be HJ and 32 hexadecimal digits,'],
  ['twilio.authToken', undefined, 'twilio needs apiKey with apiSecret, or authToken.'],
  ['twilio.apiKey', `SK${'f'.repeat(32)}`, 'twilio needs apiKey with apiSecret, or authToken.'],
  [
    'twilio.apiSecret',
    'a-secret',
    'twilio has authToken beside apiKey or apiSecret, and only one of them can sign in:',
  ],
  ['twilio.codeLength', '6', 'twilio.codeLength must be a whole number from 4 to 10.'],
  ['twilio.codeLength', 11, 'twilio.codeLength must be a whole number from 4 to 10.'],
  ['twilio.codelength', 6, 'twilio.codelength is not an option. Did you mean codeLength?'],
  ['twilio.lifetime', 601, 'twilio.lifetime must be a whole number of seconds from 1 to 600.'],
  ['twilio.timeout', 20_001, 'the page waits 30 seconds'],
  ['twilio.timeout', '5000', 'twilio.timeout must be a whole number'],
  ['twilio.lookup', 'true', 'twilio.lookup must be true or false.'],
  ['twilio.baseUrl', 'http://emulator:4010', 'twilio.baseUrl must be an https address'],
  ['twilio.baseUrl', 'http://localhost:x@elsewhere.example/', 'twilio.baseUrl must be an https address'],
  ['twilio.baseUrl', 'https://user:word@verify.example', 'twilio.baseUrl must be an https address'],
  ['twilio.baseUrl', 'http://localhost.example:4010', 'twilio.baseUrl must be an https address'],
  ['twilio.baseUrl', '', 'twilio.baseUrl must be an https address'],
])('%s = %j is refused: %s', (path, value, sentence) => {
  expect(refusal(() => createHandler(withValue(path, value) as HandlerOptions))).toContain(sentence);
});

it.each([
  '10.0.0.0/',
  '10.0.0.0/0',
  '0.0.0.0/0',
  '::/0',
  '0.0.0.0/1',
  '10.0.0.1/8',
  '10.0.0.0/08',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/8/9',
  '2001:db8::1/64',
  '::ffff:10.0.0.1',
  'fe80::1%eth0',
  'proxy.example',
  '10.0.0',
  '010.0.0.1',
  ' 10.0.0.1',
  '',
])('the proxy %j is refused, so that no mistake trusts a stranger’s header', (proxy) => {
  const sentence = refusal(() => createHandler({ ...good, clientAddress: { proxies: ['10.0.0.1', proxy] } }));
  expect(sentence).toContain(`clientAddress.proxies has ${JSON.stringify(proxy)}, which is neither`);
});

it('no options at all are refused in a sentence that says what is needed', () => {
  const create = createHandler as (options?: unknown) => unknown;
  for (const nothing of [undefined, null, 'x', 5])
    expect(refusal(() => create(nothing))).toMatch(
      /^options .*must be an object with twilio, keys and audience; it may also have issuer, /,
    );
});

it.each(['twilio', 'keys', 'accounts', 'store', 'identify', 'limits', 'limits.sends', 'twoFactor', 'twoFactor.email'])(
  '%s without the await of what makes it is refused, also where all that it has is optional',
  (path) => {
    const promise = Promise.resolve({});
    expect(refusal(() => createHandler(withValue(path, promise) as HandlerOptions))).toBe(
      `${path} is a Promise: write \`await\` before what makes it.`,
    );
  },
);

it('the auth token beside a whole API key is refused, since only one of them can sign in', () => {
  const both = { ...twilio, apiKey: `SK${'f'.repeat(32)}`, apiSecret: 'a-secret' };
  expect(refusal(() => createHandler({ ...good, twilio: both }))).toBe(
    'twilio has authToken beside apiKey or apiSecret, and only one of them can sign in: remove authToken, or the API key.',
  );
});

it('options of which all names are optional are accepted with a Promise inside an object of the host', () => {
  const accounts = { ...memoryAccounts(), pool: Promise.resolve() };
  expect(refusal(() => createHandler({ ...good, accounts }))).toBe('accepted');
});

it('stores, accounts, bearer tokens and proofs name their wrong option as well', async () => {
  const wrong = <T>(options: object) => options as T;
  const bearer = { issuer: 'a', audience: 'b', algorithms: ['ES256'], jwks: 'https://a.example/jwks' };
  expect([
    refusal(() => memoryStore({ keys: 0 })),
    refusal(() => sqliteStore(wrong({ path: 'x' }))),
    refusal(() => redisStore({ url: 'redis://a', timeout: NaN })),
    refusal(() => redisStore({ url: [] })),
    refusal(() => memoryAccounts(wrong({ uniqueContact: true }))),
    refusal(() => sqliteAccounts({ file: '' })),
    refusal(() => postgresAccounts({ url: 'mysql://a' })),
    refusal(() => bearerIdentity({ ...bearer, jwks: 'http://localhost:x@elsewhere.example/' })),
    refusal(() => bearerIdentity({ ...bearer, algorithms: ['rs256'] })),
  ]).toEqual([
    'memoryStore.keys must be a whole number, 1 or more.',
    'sqliteStore.path is not an option. Use file.',
    'redisStore.timeout must be a whole number of milliseconds from 1 to 60000.',
    'redisStore.url must be a list of one or more addresses that begin with redis:// or rediss://.',
    'memoryAccounts.uniqueContact is not an option. Did you mean uniqueContacts?',
    "sqliteAccounts.file must be the path of a file, or ':memory:'.",
    'postgresAccounts.url must be an address that begins with postgres:// or postgresql://.',
    'bearerIdentity.jwks must be an https address without user name and password (http only to this machine).',
    'bearerIdentity.algorithms has "rs256", which is not one of the algorithms of JWS. Did you mean RS256?',
  ]);
  const proof = verifyProof(
    'x',
    wrong({ jwks: { keys: [] }, audience: 'a', purpose: 'contact', subject: 'ann', isuer: 'x' }),
  );
  await expect(proof).rejects.toThrow(new TypeError('verifyProof.isuer is not an option. Did you mean issuer?'));
});

it('nothing that is right is refused', () => {
  const right: Partial<HandlerOptions>[] = [
    { issuer: undefined, limits: undefined, store: undefined, accounts: undefined, beforeSend: undefined },
    { origins: [], channels: Channel.options, numberTypes: ['voip'], countries: countryCodes, anonymous: false },
    { twoFactor: {} },
    { twoFactor: { required: 'always' } },
    { twoFactor: { email: true } },
    { origins: ['https://shop.example', 'http://localhost:8080'] },
    {
      clientAddress: { proxies: ['10.0.0.0/8', 'fc00::/7', '::1', '192.168.1.0/24', '10.0.0.1'], header: 'X-Real-IP' },
    },
    { clientAddress: () => null },
    { twilio: { ...twilio, baseUrl: 'http://localhost:4010', timeout: 20_000, codeLength: 10, lifetime: 120 } },
    { twilio: { ...twilio, baseUrl: 'http://[::1]:4010' } },
    { twilio: { ...twilio, baseUrl: 'http://127.1.2.3:4010/' } },
    { twilio: { ...twilio, baseUrl: 'https://twilio.example' } },
    { twilio: { ...twilio, baseUrl: 'http://emulator:4010', allowHttp: true } },
    { accounts: memoryAccounts(), store: memoryStore(), contactProofLifetime: 60, twoFactorProofLifetime: 30 },
  ];
  for (const options of right)
    expect([options, refusal(() => createHandler({ ...good, ...options }))]).toEqual([options, 'accepted']);
});

it('plain http to another host is an event at each start, since anybody on the way can read the secret', () => {
  const events: unknown[] = [];
  const onEvent = (event: unknown) => void events.push(event);
  createHandler({ ...good, onEvent, twilio: { ...twilio, baseUrl: 'http://emulator:4010', allowHttp: true } });
  expect(events).toMatchObject([{ type: 'warning', hint: expect.stringContaining('twilio.allowHttp') as string }]);
});

it('every option refuses a value of no kind that it could take', () => {
  const nonsense = Symbol('nonsense');
  for (const name of Object.keys(handlerOptions.shape))
    expect(refusal(() => createHandler(withValue(name, nonsense) as HandlerOptions))).toMatch(
      new RegExp(`^${name}[. ]`),
    );
});

it('the countries are those of the phone library, and the seven that have no numbers', () => {
  expect(countryCodes.filter((code) => !getCountries().some((known) => known === code))).toHaveLength(7);
  expect(getCountries().filter((known) => !countryCodes.includes(known))).toEqual([]);
});
