/** The demo's host without its page: what an application around the backend must hold. */
import { beforeAll, expect, it } from 'vitest';
import { createHost, type Host, type SessionView } from '../../../demo/host/host.js';

const origin = 'http://localhost:5173';

let demo: Host;
beforeAll(async () => {
  demo = await createHost({});
});

/** A browser's cookie jar and headers around the host. */
function visitor() {
  let cookie = '';
  const ask = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const request = new Request(`${origin}${path}`, {
      method,
      headers: {
        Cookie: cookie,
        Host: 'localhost:5173',
        'Sec-Fetch-Site': 'same-origin',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const response = await demo.fetch(request, { address: '127.0.0.1' });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return { status: response.status, body: (await response.json()) as SessionView & Record<string, string> };
  };
  const code = (to: string) => demo.provider.emulator?.outbox.latest(to)?.code ?? '';
  const check = async (challenge: string | undefined, to: string) =>
    ask('POST', '/verify/check', { challenge, code: code(to) }, { 'Idempotency-Key': crypto.randomUUID() });
  /** A proof of that number, as the element would get it. */
  const prove = async (to: string) => {
    const { body } = await ask('POST', '/verify/contact', { to });
    return (await check(body.challenge, to)).body.proof;
  };
  return { ask, check, prove, cookie: () => cookie };
}

it('a proof opens one account, once', async () => {
  const { ask, prove } = visitor();
  const proof = await prove('+14155552672');
  const sign = (name: string) => ask('POST', '/users', { name, password: 'long enough', proof });
  expect((await sign('mary')).body.user).toMatchObject({ name: 'mary', phone: '+14155552672', signedIn: true });
  expect((await sign('mallory')).status).toBe(422);
});

it('no account is made without a proof, with a taken name, or with a short password', async () => {
  const { ask, prove } = visitor();
  const proof = await prove('+14155552673');
  const statusOf = async (fields: object) =>
    (await ask('POST', '/users', { name: 'katherine', password: 'long enough', proof, ...fields })).status;
  expect(await statusOf({ proof: 'eyJhbGciOiJub25lIn0.e30.' })).toBe(422);
  expect(await statusOf({ proof: undefined })).toBe(400);
  expect(await statusOf({ name: 'ADA ' })).toBe(409);
  expect(await statusOf({ password: 'short' })).toBe(422);
  expect(await statusOf({})).toBe(200);
});

it('a password alone neither signs in nor lets its thief verify a phone of their own', async () => {
  const { ask } = visitor();
  const { body } = await ask('POST', '/session', { name: 'ada', password: 'analytical' });
  expect(body.user).toMatchObject({ name: 'ada', signedIn: false });
  const thief = await ask('POST', '/verify/contact', { to: '+447400123456' });
  expect(thief).toMatchObject({ status: 403, body: { code: 'two-factor-needed' } });
});

it('two-factor is passed by its own proof, in the same session, and changes the cookie', async () => {
  const { ask, check, cookie } = visitor();
  await ask('POST', '/session', { name: 'ada', password: 'analytical' });
  const { body: challenge } = await ask('POST', '/verify/two-factor', {});
  const { body: result } = await check(challenge.challenge, '+14155552671');
  const stranger = visitor();
  const before = cookie();
  expect((await stranger.ask('POST', '/session/second-factor', { proof: result.proof })).status).toBe(401);
  const { body } = await ask('POST', '/session/second-factor', { proof: result.proof });
  expect(body.user).toMatchObject({ signedIn: true });
  expect(cookie()).not.toBe(before);
  expect((await ask('DELETE', '/session')).body.user).toBeNull();
});

it('a wrong password and an unknown name look the same', async () => {
  const { ask } = visitor();
  const wrong = await ask('POST', '/session', { name: 'ada', password: 'synthetical' });
  const unknown = await ask('POST', '/session', { name: 'eve', password: 'synthetical' });
  expect(wrong).toEqual(unknown);
  expect(wrong.status).toBe(401);
});

it('a form on another page changes nothing', async () => {
  const { ask } = visitor();
  const fields = { name: 'ada', password: 'analytical' };
  expect((await ask('POST', '/session', fields, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect((await ask('POST', '/session', fields, { 'Content-Type': 'text/plain' })).status).toBe(403);
  expect((await ask('DELETE', '/session', undefined, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
});

const account = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'no-real-token',
  TWILIO_VERIFY_SERVICE_SID: `VA${'0'.repeat(32)}`,
};

it('with a Twilio account nothing is seeded and no outbox is there', async () => {
  const real = await createHost({ ...account, TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: `VA${'1'.repeat(32)}` });
  expect(real.provider).toMatchObject({ name: 'twilio', sentence: expect.stringContaining('real Twilio') as string });
  const session: unknown = await (await real.fetch(new Request(`${origin}/session`))).json();
  expect(session).toMatchObject({ provider: 'twilio', user: null });
  expect(session).not.toHaveProperty('seeded');
  expect((await real.fetch(new Request(`${origin}/__emulator/outbox`))).status).toBe(404);
});

it('one service for sign-up and sign-in is refused: a code that is phished at one would open the other', async () => {
  await expect(createHost(account)).rejects.toThrow(/^TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID is missing: .+\.$/);
});
