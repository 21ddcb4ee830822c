/** The flow controller: what a person does in the contact and the code step, and the requests that follow. */
import { describe, expect, it } from 'vitest';
import {
  atCode,
  byPhone,
  challenge,
  entryA,
  entryB,
  openFlow,
  result,
  settled,
  shown,
} from '../../support/flow-fixtures.js';

describe('typing', () => {
  it('reads the options once for each key, and not at all for the countdowns that are drawn', async () => {
    const { flow, counts } = openFlow();
    flow.start();
    counts.options = 0;
    for (const text of ['4', '41', '415']) flow.edit({ type: 'phone', text, country: 'US' });
    expect(counts.options).toBe(3);
    const opened = await atCode();
    opened.counts.options = 0;
    expect([opened.flow.resendIn, opened.flow.expiresIn, opened.flow.retryIn]).toEqual([30, 600, 0]);
    opened.clock.advance(5);
    expect(opened.counts.options).toBe(0);
  });
});

describe('sending', () => {
  it('opens with what the page filled in', () => {
    const { flow, client } = openFlow({ entry: entryB });
    flow.start();
    expect(flow.step).toEqual({ name: 'contact', entry: entryB, back: null, problem: null });
    expect(client.calls).toEqual([]);
  });

  it('sends the contact as typed, with the country, the first channel that fits, and the values of the page', async () => {
    const more = { context: 'order-7', locale: 'de', extra: { captcha: 'solved' } };
    const { flow, client } = openFlow({ channels: ['email', 'whatsapp', 'sms'], ...more });
    flow.start();
    flow.send(entryA);
    expect(client.last.path).toBe('contact');
    expect(client.last.body).toEqual({ to: '415 555 2671', country: 'US', channel: 'whatsapp', ...more });
    await client.last.fail({ code: 'unreachable' });
    flow.send({ type: 'email', text: 'ada@example.com' });
    expect(client.last.body).toMatchObject({ to: 'ada@example.com', channel: 'email' });
  });

  it('once, however often it is pressed', async () => {
    const { flow, client } = openFlow();
    flow.start();
    flow.send(entryA);
    flow.send(entryA);
    flow.send();
    expect(client.calls).toHaveLength(1);
    await client.last.respond(challenge());
    flow.send();
    expect(client.calls).toHaveLength(1);
    expect(shown(flow)).toBe('code');
  });

  it.each([
    ['nothing', { type: 'phone', text: ' ' }, 'missing-contact'],
    ['an address in the field for numbers', { type: 'phone', text: 'ada@example.com' }, 'invalid-contact'],
    ['a number in the field for addresses', { type: 'email', text: '4155552671' }, 'invalid-contact'],
    ['more than any contact has', { type: 'phone', text: '1'.repeat(255) }, 'invalid-contact'],
  ] as const)('requests no code with %s, and keeps the input', (_, entry, code) => {
    const { flow, client } = openFlow();
    flow.start();
    flow.send(entry);
    expect(flow.step).toMatchObject({ name: 'contact', entry, problem: { code } });
    expect(client.calls).toEqual([]);
  });

  it('keeps number and step when the network fails, and continues when it is back', async () => {
    const { flow, client } = openFlow();
    flow.start();
    flow.send(entryA);
    await client.last.fail({ code: 'unreachable' });
    expect(flow.step).toMatchObject({ name: 'contact', entry: entryA, problem: { code: 'unreachable' } });
    flow.send();
    expect(flow.step.name).toBe('sending');
    await client.last.respond(challenge());
    expect(shown(flow)).toBe('code');
  });

  it('survives a client of the page that throws', async () => {
    const rejects = () => Promise.reject(new Error('not ours'));
    const throws = () => {
      throw new Error('not even a promise');
    };
    for (const contact of [rejects, throws]) {
      const { flow } = openFlow({ client: { contact, twoFactor: rejects, resend: rejects, check: rejects } });
      flow.start();
      flow.send(entryA);
      await settled();
      expect(shown(flow)).toBe('contact: unreachable');
    }
  });

  it.each<[string, unknown, string]>([
    ['a challenge of a newer version', { ok: true, value: challenge({ channel: 'rcs' as 'sms' }) }, 'unavailable'],
    ['a challenge for another purpose', { ok: true, value: byPhone }, 'unavailable'],
    ['that nothing is required', { ok: true, value: { required: false } }, 'unavailable'],
    ['a success without a value', { ok: true }, 'unavailable'],
    ['a failure without a problem', { ok: false }, 'unavailable'],
    ['a problem without a code', { ok: false, problem: { retryIn: 'soon' } }, 'unavailable'],
    ['nothing', undefined, 'unreachable'],
  ])('survives a client of the page that returns %s', async (_, answer, code) => {
    const { flow, client } = openFlow();
    Object.assign(client, { contact: () => Promise.resolve(answer) });
    flow.start();
    flow.send(entryA);
    await settled();
    expect(shown(flow)).toBe(`contact: ${code}`);
    expect(flow.step).toMatchObject({ entry: entryA });
  });

  it('says how long to wait, and counts it down', async () => {
    const { flow, client, clock } = openFlow();
    flow.start();
    flow.send(entryA);
    await client.last.fail({ code: 'too-many-sends', retryIn: 90 });
    expect(flow.retryIn).toBe(90);
    clock.advance(30);
    expect(flow.retryIn).toBe(60);
    clock.advance(600);
    expect(flow.retryIn).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe('responses', () => {
  it('after a reset are ignored', async () => {
    const { flow, client } = openFlow();
    flow.start();
    flow.send(entryA);
    const late = client.last;
    flow.reset();
    expect(late.signal.aborted).toBe(true);
    await late.respond(challenge());
    expect(shown(flow)).toBe('contact');
  });

  it('in another order do not mix', async () => {
    const { flow, client } = openFlow();
    flow.start();
    flow.send(entryA);
    const first = client.last;
    flow.reset();
    flow.send(entryB);
    const second = client.last;
    await second.respond(challenge({ challenge: 'sealed-B' }));
    await first.respond(challenge());
    expect(flow.step).toMatchObject({ name: 'code', sent: { challenge: { challenge: 'sealed-B' }, entry: entryB } });
  });

  it('to a request before a reset are not taken for those to the request after it', async () => {
    const { flow, client } = openFlow();
    flow.start();
    flow.send(entryA);
    const first = client.last;
    flow.reset();
    flow.send(entryB);
    await first.respond(challenge());
    expect(shown(flow)).toBe('sending');
    await client.last.respond(challenge({ challenge: 'sealed-B' }));
    expect(flow.step).toMatchObject({ name: 'code', sent: { challenge: { challenge: 'sealed-B' }, entry: entryB } });
  });

  it('are never awaited when a listener resets the element before the request', () => {
    const opened = openFlow();
    opened.flow.start();
    opened.host.stepChanged = (step) => void (step.name === 'sending' && opened.flow.reset());
    opened.flow.send(entryA);
    expect(opened.client.calls).toEqual([]);
    expect(shown(opened.flow)).toBe('contact');
  });
});

describe('checking', () => {
  it('ends verified, with the proof and its expiry', async () => {
    const { flow, client, clock, changes } = await atCode();
    flow.submit('123 456');
    expect(client.last).toMatchObject({ path: 'check', body: { challenge: 'sealed-A', code: '123456' } });
    await client.last.respond(result);
    expect(flow.step).toMatchObject({ name: 'verified', result, expiresAt: clock.now() + 1_800_000 });
    expect(changes).toEqual([
      'starting → contact',
      'contact → contact',
      'contact → sending',
      'sending → code',
      'code → checking',
      'checking → verified',
    ]);
  });

  it.each([
    ['', 'missing-code'],
    [' - ', 'missing-code'],
    ['12345', 'malformed-code'],
    ['1234567', 'malformed-code'],
    ['12345a', 'malformed-code'],
    ['１２³456', 'malformed-code'],
  ])('sends no request with the code "%s"', async (code, problem) => {
    const { flow, client } = await atCode();
    flow.submit(code);
    expect(shown(flow)).toBe(`code: ${problem}`);
    expect(client.calls).toHaveLength(1);
  });

  it.each(['123456', '123-456', '１２３４５６', '٤٤٤٤٤٤', '१२३४५६'])(
    'takes the code %s, in any script',
    async (code) => {
      const { flow, client } = await atCode();
      flow.submit(code);
      expect(client.last.path).toBe('check');
    },
  );

  it('happens once, however often it is pressed', async () => {
    const { flow, client } = await atCode();
    flow.submit('123456');
    flow.submit('123456');
    flow.resend();
    flow.changeContact();
    expect(client.calls.map((call) => call.path)).toEqual(['contact', 'check']);
  });

  it('repeats an attempt without an outcome under the same key, and makes a new attempt of every other press', async () => {
    const { flow, client } = await atCode();
    const keyOf = async (code: string, problem: 'unreachable' | 'unavailable' | 'wrong-code') => {
      flow.submit(code);
      const { key } = client.last;
      await client.last.fail({ code: problem });
      expect(key).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
      return key;
    };
    const first = await keyOf('123456', 'unreachable');
    expect(await keyOf('123456', 'unavailable')).toBe(first);
    expect(await keyOf('123456', 'wrong-code')).toBe(first);
    const second = await keyOf('123456', 'unreachable');
    expect(second).not.toBe(first);
    expect(await keyOf('654321', 'wrong-code')).not.toBe(second);
  });

  it('shows the number of attempts left', async () => {
    const { flow, client } = await atCode();
    flow.submit('123456');
    await client.last.fail({ code: 'wrong-code', attemptsLeft: 4 });
    expect(flow.step).toMatchObject({ name: 'code', problem: { code: 'wrong-code', attemptsLeft: 4 } });
  });

  it.each([
    ['the challenge is no longer valid', 'invalid-challenge', 0],
    ['nobody is signed in any more', 'unauthenticated', 0],
    ['another account has the contact', 'contact-in-use', 1],
    ['the session must pass two-factor first', 'two-factor-needed', 1],
  ] as const)('returns to the contact, and shows it again, when %s', async (_, code, stored) => {
    const { flow, client, storage } = await atCode();
    flow.submit('123456');
    await client.last.fail({ code });
    expect(flow.step).toMatchObject({ name: 'contact', entry: entryA, back: null, problem: { code } });
    expect(storage.length).toBe(stored);
  });
});
