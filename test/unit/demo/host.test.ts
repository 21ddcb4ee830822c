/** The demo's host without its page: what an application around the backend must hold. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createDemo, type Demo } from '../../../demo/host/demo.js';
import type { SessionView } from '../../../demo/host/host.js';
import type { OutboxMessage } from '../../../src/emulator/index.js';

const origin = 'http://localhost:5173';

let demo: Demo;
beforeAll(async () => {
  demo = await createDemo({});
});

/** A browser's cookie jar and headers around the demo. The jar of another visitor's application makes somebody else of it. */
function visitor(jar = new Map<string, string>()) {
  const cookie = () => [...jar].map((pair) => pair.join('=')).join('; ');
  const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const request = new Request(`${origin}${path}`, {
      method,
      headers: {
        Cookie: cookie(),
        Host: 'localhost:5173',
        'Sec-Fetch-Site': 'same-origin',
        ...(body ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const response = await demo.fetch(request, { address: '127.0.0.1' });
    for (const one of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (one.split(';')[0] ?? '').split('=');
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return response;
  };
  const ask = async (...request: Parameters<typeof send>) => {
    const response = await send(...request);
    return { status: response.status, body: (await response.json()) as SessionView & Record<string, string> };
  };
  const outbox = async () => (await (await send('GET', '/__emulator/outbox')).json()) as OutboxMessage[];
  const code = async (to: string) => (await outbox()).find((message) => message.to === to)?.code ?? '';
  const enter = (challenge: string | undefined, entered: string) =>
    ask('POST', '/verify/check', { challenge, code: entered }, { 'Idempotency-Key': crypto.randomUUID() });
  const check = async (challenge: string | undefined, to: string) => enter(challenge, await code(to));
  /** A proof of that number, as the element would get it. */
  const prove = async (to: string) => {
    const { body } = await ask('POST', '/verify/contact', { to });
    return (await check(body.challenge, to)).body.proof;
  };
  const turnClock = (minutes: number) => ask('POST', '/__demo/clock', { minutes });
  /** Somebody else in the same application. */
  const stranger = () => visitor(new Map([...jar].filter(([name]) => name === 'demo_visitor')));
  return { ask, enter, check, outbox, prove, turnClock, cookie, stranger };
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
  const { ask, check, cookie, stranger } = visitor();
  await ask('POST', '/session', { name: 'ada', password: 'analytical' });
  const { body: challenge } = await ask('POST', '/verify/two-factor', {});
  const { body: result } = await check(challenge.challenge, '+14155552671');
  const before = cookie();
  expect((await stranger().ask('POST', '/session/second-factor', { proof: result.proof })).status).toBe(401);
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

describe('ten wrong codes', () => {
  const to = '+14155552672';

  /** A visitor whose wrong codes of the day are used up. */
  async function lockedVisitor() {
    const locked = visitor();
    for (let wrong = 0; wrong < 10; wrong++) {
      const { body } = await locked.ask('POST', '/verify/contact', { to });
      const [sent] = await locked.outbox();
      await locked.enter(body.challenge, sent?.code === '000000' ? '111111' : '000000');
      await locked.turnClock(20); // past the waits between them
    }
    expect((await locked.ask('POST', '/verify/contact', { to })).body).toMatchObject({ code: 'too-many-attempts' });
    return locked;
  }

  it('lock the visitor who entered them, and nobody else', async () => {
    const locked = await lockedVisitor();
    expect(await visitor().prove(to)).toMatch(/^ey/);
    expect(await locked.prove(to)).toBeUndefined();
  });

  it('are forgotten a day later, when the visitor turns the clock', async () => {
    const locked = await lockedVisitor();
    expect((await locked.turnClock(24 * 60)).status).toBe(200);
    expect(await locked.prove(to)).toMatch(/^ey/);
    expect((await locked.turnClock(24 * 60 + 1)).status).toBe(400);
  });

  it('are forgotten with everything else, when the visitor starts anew', async () => {
    const locked = await lockedVisitor();
    const elsewhere = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await locked.ask('DELETE', '/visitor', undefined, elsewhere)).status).toBe(403);
    expect(await locked.prove(to)).toBeUndefined();
    expect((await locked.ask('DELETE', '/visitor')).status).toBe(200);
    expect(await locked.outbox()).toEqual([]);
    expect(await locked.prove(to)).toMatch(/^ey/);
  });
});

it('a visitor sees neither the messages nor the users of another', async () => {
  const [one, other] = [visitor(), visitor()];
  const proof = await one.prove('+14155552674');
  await one.ask('POST', '/users', { name: 'hedy', password: 'long enough', proof });
  expect(await one.outbox()).toHaveLength(1);
  expect(await other.outbox()).toEqual([]);
  expect((await other.ask('POST', '/session', { name: 'hedy', password: 'long enough' })).status).toBe(401);
  expect((await other.ask('POST', '/users', { name: 'hedy', password: 'long enough', proof })).status).toBe(422);
});

const account = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'no-real-token',
  TWILIO_VERIFY_SERVICE_SID: `VA${'0'.repeat(32)}`,
};

it('with a Twilio account nothing is seeded and no outbox is there', async () => {
  const real = await createDemo({ ...account, TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: `VA${'1'.repeat(32)}` });
  expect(real.sentence).toContain('real Twilio');
  const session: unknown = await (await real.fetch(new Request(`${origin}/session`))).json();
  expect(session).toMatchObject({ provider: 'twilio', user: null });
  expect(session).not.toHaveProperty('seeded');
  expect((await real.fetch(new Request(`${origin}/__emulator/outbox`))).status).toBe(404);
});

it('one service for sign-up and sign-in is refused: a code that is phished at one would open the other', async () => {
  await expect(createDemo(account)).rejects.toThrow(/^TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID is missing: .+\.$/);
});
