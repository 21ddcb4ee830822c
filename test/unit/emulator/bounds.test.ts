/** What is too long, too deep, too many or there twice: refused with an answer, and nothing that lives is dropped for it. */
import { afterEach, describe, expect, it } from 'vitest';
import { createEmulator } from '../../../src/emulator/index.js';
import { serveEmulator } from '../../../src/emulator/node.js';
import { mobile, openAccount, post, sid } from '../../support/emulator-account.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

describe('a body that is too long', () => {
  it('gets an answer before the connection closes, from the control plane and from the API', async () => {
    const emulator = createEmulator({ control: true });
    const { url, close } = await serveEmulator(emulator);
    closing.push(close);
    const send = (path: string, bytes: number) => {
      const { accountSid, authToken } = emulator.credentials;
      const headers = {
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
      };
      return fetch(`${url}${path}`, { method: 'POST', body: 'x'.repeat(bytes), headers });
    };
    const control = await send('/__emulator/clock', 5_000_000);
    expect(control.status).toBe(400);
    expect(await control.json()).toEqual({ error: 'The body must have at most 65536 bytes.' });
    const service = `/v2/Services/${emulator.services.contact}`;
    for (const path of [`${service}/Verifications`, `${service}/VerificationCheck`, service]) {
      const answer = await send(path, 5_000_000);
      expect([answer.status, await answer.json()]).toMatchObject([
        501,
        { code: 20501, message: 'The emulator does not support a body of more than a megabyte' },
      ]);
    }
    // A long one that is short enough is read.
    expect(await (await send(service, 1_000_000)).json()).toMatchObject({ sid: emulator.services.contact });
  });
});

describe('what a send says in JSON', () => {
  const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  it.each(['Tags', 'TemplateCustomSubstitutions', 'ChannelConfiguration', 'RateLimits'])(
    'is refused if %s is nested without end',
    async (name) => {
      const { emulator } = openAccount();
      const form = new URLSearchParams({ To: mobile, Channel: 'sms', [name]: nested(20_000) });
      const response = await post(emulator, `/v2/Services/${sid}/Verifications`, String(form));
      expect(await response.json()).toMatchObject({ code: 60200, message: `Invalid parameter: ${name}` });
      expect(emulator.outbox.list()).toEqual([]);
    },
  );
});

describe('the list of verifications', () => {
  it('has every one that lives, however many are over', async () => {
    const { emulator, send, check } = openAccount({}, { random: () => '123456', retention: { verifications: 3 } });
    const number = (index: number) => `+4474001${String(index).padStart(5, '0')}`;
    const first = await send(number(0));
    for (let index = 1; index <= 10; index += 1) await check((await send(number(index))).sid, '123456');
    await send(number(11));
    const listed = emulator.verifications.list();
    expect(listed.map(({ to }) => to)).toEqual([11, 10, 9, 8, 0].map(number));
    expect(listed.at(-1)).toMatchObject({ sid: first.sid, status: 'pending' });
    emulator.clock.advance(600);
    expect(emulator.verifications.list().map(({ to }) => to)).toEqual([11, 10, 9].map(number));
  });

  it('has two thousand at once, and forgets those that are over as more come', async () => {
    const { emulator } = openAccount({}, { retention: { verifications: 3 } });
    const send = (index: number) => {
      const form = `To=%2B447400${String(100_000 + index)}&Channel=sms`;
      return post(emulator, `/v2/Services/${sid}/Verifications`, form);
    };
    for (let index = 0; index < 2_000; index += 1) await send(index);
    expect(emulator.verifications.list()).toHaveLength(2_000);
    emulator.clock.advance(600);
    await send(2_000);
    expect(emulator.verifications.list()).toHaveLength(4);
  });
});

describe('a query', () => {
  const get = async (path: string) => {
    const { emulator } = openAccount();
    const response = await post(emulator, path, '', {}, 'GET');
    return { status: response.status, body: (await response.json()) as { message?: string } };
  };

  it.each([
    '/v2/Services?Bogus=1',
    `/v2/Services/${sid}?PageSize=1`,
    '/v2/Services?FriendlyName=x',
    '/v2/Services?PageSize=1&PageSize=2',
    '/v2/Services?pagesize=1',
    '/v2/Attempts?Statsu=converted',
    '/v2/Attempts/Summary?PageSize=1',
    `/v2/PhoneNumbers/${encodeURIComponent(mobile)}?Feilds=validation`,
    `/v2/PhoneNumbers/${encodeURIComponent(mobile)}?Fields=validation&Fields=sim_swap`,
    `/v2/PhoneNumbers/${encodeURIComponent(mobile)}?DateOfBirth=yesterday`,
  ])('of %s is refused: nobody reads it', async (path) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { code: 60200 } });
  });

  it('of a send is refused before anything is sent', async () => {
    const { emulator } = openAccount();
    const form = `To=${encodeURIComponent(mobile)}&Channel=sms`;
    const response = await post(emulator, `/v2/Services/${sid}/Verifications?Channel=call`, form);
    expect(await response.json()).toMatchObject({ code: 60200, message: 'Invalid parameter: Channel' });
    expect(emulator.outbox.list()).toEqual([]);
  });

  it('may say who a person is, whether or not the answer compares it', async () => {
    const path = `/v2/PhoneNumbers/${encodeURIComponent(mobile)}?FirstName=Ada&DateOfBirth=1815-12-10`;
    expect(await get(path)).toMatchObject({ status: 200, body: { identity_match: null } });
    expect(await get(`${path}&Fields=identity_match`)).toMatchObject({
      body: { identity_match: { first_name_match: 'no_data_available', last_name_match: null } },
    });
  });
});
