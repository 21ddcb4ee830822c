/** Every parameter of entities, factors and challenges over plain HTTP: what is wrong with it is said, and nothing has changed. */
import { describe, expect, it } from 'vitest';
import { openAccount, post, sid } from '../../support/emulator-account.js';

const identity = 'somebody-8';
const entities = `/v2/Services/${sid}/Entities`;
const entity = `${entities}/${identity}`;
const now = Date.UTC(2027, 0, 1);

/** A person who has one authenticator app and one challenge. */
async function open() {
  const { emulator } = openAccount({}, { now: () => now });
  const call = async (method: string, path: string, form: string | string[][] = '') => {
    const response = await post(emulator, path, new URLSearchParams(form).toString(), {}, method);
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, body };
  };
  const made = await call('POST', `${entity}/Factors`, 'FriendlyName=Ann&FactorType=totp');
  const factor = `${entity}/Factors/${made.body.sid as string}`;
  const code = (await emulator.totp(identity)) ?? '';
  await call('POST', factor, `AuthPayload=${code}`);
  const asked = await call('POST', `${entity}/Challenges`, `FactorSid=${made.body.sid as string}`);
  const challenge = `${entity}/Challenges/${asked.body.sid as string}`;
  const state = async () => {
    const paths = [entities, `${entity}/Factors`, `${entity}/Challenges`];
    return JSON.stringify(await Promise.all(paths.map((path) => call('GET', path))));
  };
  return { emulator, call, made, factor, challenge, state, code };
}

const factor = { FriendlyName: 'Bob', FactorType: 'totp' };
const long = (length: number) => 'x'.repeat(length);
const fields = (count: number, label = 'Payee', value = 'Bob') =>
  Array.from({ length: count }, () => ['Details.Fields', JSON.stringify({ label, value })]);
const soon = new Date(now + 60_000).toISOString();

type Target = 'entities' | 'factors' | 'factor' | 'challenges' | 'challenge';
const missing = (name: string) => ({ code: 20001, message: `Missing required parameter ${name} in the post body` });

const refused: [Target, name: string, form: Record<string, string> | string[][], error?: object][] = [
  ['entities', 'Identity', {}, missing('Identity')],
  ['entities', 'Identity', { Identity: 'short-7' }],
  ['entities', 'Identity', { Identity: long(65) }],
  ['entities', 'Identity', { Identity: 'ann@example.org' }],
  ['entities', 'Identity', { Identity: 'under_score' }],
  ['factors', 'FriendlyName', { FactorType: 'totp' }, missing('FriendlyName')],
  ['factors', 'FriendlyName', { ...factor, FriendlyName: long(65) }],
  ['factors', 'FactorType', { FriendlyName: 'Bob' }, missing('FactorType')],
  ['factors', 'FactorType', { ...factor, FactorType: 'TOTP' }],
  ['factors', 'FactorType', { ...factor, FactorType: 'push' }, { code: 20501, status: 501 }],
  ['factors', 'FactorType', { ...factor, FactorType: 'passkeys' }, { code: 20501, status: 501 }],
  ['factors', 'Binding.Secret', { ...factor, 'Binding.Secret': 'not base 32!' }],
  ['factors', 'Binding.Secret', { ...factor, 'Binding.Secret': 'A' }],
  ['factors', 'Binding.Secret', { ...factor, 'Binding.Secret': '====' }],
  ['factors', 'Config.Alg', { ...factor, 'Config.Alg': 'md5' }],
  ['factors', 'Config.Alg', { ...factor, 'Config.Alg': 'toString' }],
  ['factors', 'Config.CodeLength', { ...factor, 'Config.CodeLength': '2' }],
  ['factors', 'Config.CodeLength', { ...factor, 'Config.CodeLength': '9' }],
  ['factors', 'Config.Skew', { ...factor, 'Config.Skew': '3' }],
  ['factors', 'Config.Skew', { ...factor, 'Config.Skew': '-1' }],
  ['factors', 'Config.TimeStep', { ...factor, 'Config.TimeStep': '19' }],
  ['factors', 'Config.TimeStep', { ...factor, 'Config.TimeStep': '61' }],
  ['factors', 'Config.TimeStep', { ...factor, 'Config.TimeStep': '3e1' }],
  ['factors', 'Metadata', { ...factor, Metadata: 'os' }],
  ['factors', 'Metadata', { ...factor, Metadata: '[]' }],
  ['factors', 'Metadata', { ...factor, Metadata: '{"os":1}' }],
  ['factors', 'Metadata', { ...factor, Metadata: JSON.stringify({ os: long(1024) }) }],
  ['factor', 'AuthPayload', { AuthPayload: '12' }],
  ['factor', 'AuthPayload', { AuthPayload: '123456789' }],
  ['factor', 'FriendlyName', { FriendlyName: long(65) }],
  ['factor', 'Config.Alg', { 'Config.Alg': 'md5' }],
  ['factor', 'Config.Skew', { 'Config.Skew': 'one' }],
  ['challenges', 'FactorSid', {}, missing('FactorSid')],
  ['challenges', 'FactorSid', { FactorSid: 'YF1' }],
  ['challenges', 'FactorSid', { FactorSid: `YC${'0'.repeat(32)}` }],
  ['challenges', 'FactorSid', { FactorSid: `YF${'0'.repeat(32)}` }, { code: 20404, status: 404 }],
  ['challenges', 'AuthPayload', { FactorSid: 'own', AuthPayload: '12' }],
  ['challenges', 'ExpirationDate', { FactorSid: 'own', ExpirationDate: 'tomorrow' }],
  ['challenges', 'ExpirationDate', { FactorSid: 'own', ExpirationDate: '2027-13-01T00:00:00Z' }],
  ['challenges', 'ExpirationDate', { FactorSid: 'own', ExpirationDate: new Date(now).toISOString() }],
  ['challenges', 'Details.Message', { FactorSid: 'own', 'Details.Message': long(257) }],
  ['challenges', 'Details.Fields', [['FactorSid', 'own'], ...fields(21)]],
  ['challenges', 'Details.Fields', [['FactorSid', 'own'], ...fields(1, long(37))]],
  ['challenges', 'Details.Fields', [['FactorSid', 'own'], ...fields(1, 'Payee', long(129))]],
  ['challenges', 'Details.Fields', { FactorSid: 'own', 'Details.Fields': '{"label":"Payee"}' }],
  ['challenges', 'Details.Fields', { FactorSid: 'own', 'Details.Fields': 'Payee' }],
  ['challenges', 'HiddenDetails', { FactorSid: 'own', HiddenDetails: '{"ip":null}' }],
  ['challenge', 'AuthPayload', { AuthPayload: '123456789' }],
  ['challenge', 'Metadata', { Metadata: 'null' }],
];

describe('a wrong parameter', () => {
  it.each(refused)('of %s: %s in %j', async (target, name, form, error) => {
    const { call, made, factor, challenge, state } = await open();
    const paths = {
      entities,
      factors: `${entity}/Factors`,
      factor,
      challenges: `${entity}/Challenges`,
      challenge,
    };
    const pairs = (Array.isArray(form) ? form : Object.entries(form)).map(([key = '', value = '']) => [
      key,
      value === 'own' ? (made.body.sid as string) : value,
    ]);
    const before = await state();
    const { status, body } = await call('POST', paths[target], pairs);
    expect(body).toMatchObject(error ?? { code: 60306, status: 400, message: `Invalid parameter: ${name}` });
    expect(status).toBe(body.status);
    expect(await state()).toBe(before);
  });

  it('creates no entity beside the factor that it refuses', async () => {
    const { call } = await open();
    const body = 'FriendlyName=Bob&FactorType=totp&Config.Skew=9';
    expect(await call('POST', `${entities}/somebody-9/Factors`, body)).toMatchObject({ status: 400 });
    expect(await call('GET', `${entities}/somebody-9`)).toMatchObject({ status: 404 });
  });

  it.each(['short-7', 'ann%40example.org', `${long(65)}`])('of a path: the identity %s', async (name) => {
    const { call } = await open();
    const error = { code: 60306, status: 400, message: 'Invalid parameter: Identity' };
    for (const path of ['', '/Factors', '/Challenges'])
      expect((await call('GET', `${entities}/${name}${path}`)).body).toMatchObject(error);
  });
});

describe('what the package hides', () => {
  it('is that every value may stand at its limit', async () => {
    const { call, made } = await open();
    const widest = { FriendlyName: long(64), FactorType: 'totp', 'Config.CodeLength': '8', 'Config.TimeStep': '60' };
    const strong = {
      'Config.Skew': '2',
      'Config.Alg': 'sha512',
      Metadata: '{"os":"none"}',
      'Binding.Secret': 'mfrgg===',
    };
    const factor = await call(
      'POST',
      `${entities}/${'a'.repeat(64)}/Factors`,
      Object.entries({ ...widest, ...strong }),
    );
    expect(factor).toMatchObject({ status: 201, body: { metadata: { os: 'none' }, binding: { secret: 'mfrgg===' } } });
    const own = ['FactorSid', made.body.sid as string];
    const details = [['Details.Message', long(256)], ...fields(20, long(36), long(128)), ['ExpirationDate', soon]];
    const challenge = await call('POST', `${entity}/Challenges`, [own, ...details]);
    expect(challenge).toMatchObject({ status: 201, body: { expiration_date: '2027-01-01T00:01:00Z' } });
    expect((challenge.body.details as { fields: object[] }).fields).toHaveLength(20);
  });

  it('is that a field of the details has a label and a value, and nothing else, however deep', async () => {
    const { call, made } = await open();
    const deep = `{"label":"Payee","value":"Bob","more":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const form = [
      ['FactorSid', made.body.sid as string],
      ['Details.Fields', deep],
    ];
    const { status, body } = await call('POST', `${entity}/Challenges`, form);
    expect([status, body.details]).toMatchObject([201, { fields: [{ label: 'Payee', value: 'Bob' }] }]);
    expect((body.details as { fields: object[] }).fields).toEqual([{ label: 'Payee', value: 'Bob' }]);
  });

  it('is that nothing but the creation of a factor has its secret', async () => {
    const { made, state, call, factor } = await open();
    const { secret } = made.body.binding as { secret: string };
    expect(secret).toHaveLength(32);
    const changed = await call('POST', factor, 'FriendlyName=Bob');
    expect(changed.body).not.toHaveProperty('binding');
    expect(`${await state()}${JSON.stringify(changed)}`).not.toContain(secret);
  });

  it('is that a factor and a challenge can be updated without a code', async () => {
    const { call, challenge, factor } = await open();
    expect(await call('POST', factor)).toMatchObject({ status: 200, body: { status: 'verified' } });
    const answer = await call('POST', challenge, [['Metadata', '{"os":"none"}']]);
    expect(answer).toMatchObject({ status: 200, body: { status: 'pending', metadata: { os: 'none' } } });
    expect(answer.body.date_responded).toBeNull();
  });

  it('is what a path has instead, and what the emulator lacks', async () => {
    const { call, challenge, factor } = await open();
    for (const path of [entities, entity, `${entity}/Factors`, factor, `${entity}/Challenges`, challenge])
      expect(await call('PUT', path)).toMatchObject({ status: 405, body: { code: 20004 } });
    expect(await call('DELETE', challenge)).toMatchObject({ status: 405 });
    expect(await call('POST', entity)).toMatchObject({ status: 405 });
    expect(await call('GET', `${entity}/Keys`)).toMatchObject({ status: 404, body: { code: 20404 } });
    expect(await call('POST', `${challenge}/Notifications`)).toMatchObject({ status: 501, body: { code: 20501 } });
    expect(await call('GET', `/v2/Services/${sid}/Passkeys/Factors`)).toMatchObject({ status: 501 });
    expect(await call('POST', `/v2/Services/${sid}/AccessTokens`)).toMatchObject({ status: 501 });
    expect(await call('GET', `/v2/Services/VA${'0'.repeat(32)}/Entities`)).toMatchObject({ status: 404 });
  });

  it('is that a broken connection may leave a factor behind that nobody has the secret of', async () => {
    const { emulator, call } = await open();
    emulator.faults.add({ path: '/Factors', kind: 'reset-after' });
    await expect(call('POST', `${entity}/Factors`, 'FriendlyName=Bob&FactorType=totp')).rejects.toThrow(TypeError);
    expect((await call('GET', `${entity}/Factors`)).body.factors).toMatchObject([
      { status: 'verified' },
      { friendly_name: 'Bob', status: 'unverified' },
    ]);
  });
});
