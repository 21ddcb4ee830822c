/** The page and a backend that is newer, broken or somebody else: every answer ends in a problem to show, keeps what was typed, and lets the person try again. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlowController } from '../../../src/flow/flow-controller.js';
import { httpClient } from '../../../src/flow/http-client.js';
import type { FlowOptions } from '../../../src/flow/options.js';
import {
  byPhone,
  challenge,
  entryA,
  FakeClock,
  memoryStorage,
  result,
  settled,
  shown,
} from '../../support/flow-fixtures.js';

type Answer = () => Response;

const json = (body: unknown, status = 200, type = 'application/json'): Answer => {
  return () => new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
};
const text = (body: string | ReadableStream, type = 'application/json'): Answer => {
  return () => new Response(body, { headers: { 'content-type': type } });
};
const problem = (code: unknown, more: object = {}) =>
  json({ type: `urn:verify-contact:problem:${String(code)}`, title: '…', status: 429, code, ...more }, 429);

/** A page whose backend gives these answers in order, with the flow's own clock. */
function visit(answers: Answer[], options: Partial<FlowOptions> = {}) {
  const requests: RequestInit[] = [];
  const fetch = (_: string, init: RequestInit) => {
    requests.push(init);
    const answer = answers.shift();
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('Failed to fetch'));
  };
  const client = httpClient({ endpoint: 'https://shop.example/verify', fetch });
  const [clock, storage] = [new FakeClock(), memoryStorage()];
  const flow = new FlowController(
    { requestUpdate: () => undefined },
    () => ({ purpose: 'contact', client, storageKey: 'the element', ...options }),
    { clock, storage: () => storage },
  );
  flow.start();
  return { flow, clock, requests };
}

/** Does something, and waits until no request is in progress. */
async function ends(flow: FlowController, act: () => void): Promise<string> {
  act();
  await vi.waitUntil(() => !('previous' in flow.step), { interval: 1 });
  return shown(flow);
}

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
afterEach(() => void vi.restoreAllMocks());

/** Answers that are no challenge. The first word of a JSON row is the field that is wrong. */
const noChallenge: [string, Answer][] = [
  ['a channel of a newer version', json(challenge({ channel: 'rcs' as 'sms' }))],
  ['a channel named constructor', json(challenge({ channel: 'constructor' as 'sms' }))],
  ['a channel that is a list', json({ ...challenge(), channel: ['sms'] })],
  ['a purpose of a newer version', json({ ...challenge(), purpose: 'payment' })],
  ['a challenge for two-factor', json(byPhone)],
  ['that two-factor is not required', json({ required: false })],
  ['a code of 100 million digits', json(challenge({ codeLength: 1e8 }))],
  ['a code of 11 digits', json(challenge({ codeLength: 11 }))],
  ['a code of 3 digits', json(challenge({ codeLength: 3 }))],
  ['a code of no digits', json(challenge({ codeLength: 0 }))],
  ['a code length as text', json({ ...challenge(), codeLength: '6' })],
  ['a code length with a fraction', json(challenge({ codeLength: 4.5 }))],
  ['a lifetime beyond all dates', json(challenge({ expiresIn: 1e300 }))],
  ['a lifetime of two years', json(challenge({ expiresIn: 2 * 366 * 86_400 }))],
  ['a wait beyond all dates', json(challenge({ resendIn: 1e300 }))],
  ['a negative wait', json(challenge({ resendIn: -1 }))],
  ['a lifetime that is no number', json(challenge({ expiresIn: NaN }))],
  ...Object.keys(challenge()).map((field): [string, Answer] => [
    `no ${field}`,
    json({ ...challenge(), [field]: undefined }),
  ]),
  ...Object.keys(challenge()).map((field): [string, Answer] => [
    `an object as ${field}`,
    json({ ...challenge(), [field]: {} }),
  ]),
  ['a method that is null', json({ ...challenge(), methods: [null] })],
  ['a method without a destination', json({ ...challenge(), methods: [{ channel: 'sms' }] })],
  ['a method that is null after a good one', json({ ...challenge(), methods: [...challenge().methods, null] })],
  ['a list around the answer', json([challenge()])],
  ['null', json(null)],
  ['text', json('sent')],
  ['true', json(true)],
  ['a number', json(1)],
  ['nothing', text('')],
  ['half an answer', text('{"challenge": "sea')],
  ['a page of HTML', text('<!doctype html><h1>Log in to the hotel’s network</h1>', 'text/html')],
  ['a challenge within HTML', text(`<pre>${JSON.stringify(challenge())}</pre>`, 'text/html')],
  ['ten megabytes', json({ ...challenge(), padding: 'x'.repeat(1e7) })],
  ['more than is ever read', json({ ...challenge(), padding: 'x'.repeat(65_536) })],
  ['ten thousand levels', text('[{"a":'.repeat(10_000))],
  ['bytes that are no text', text(String.fromCharCode(0, 0xfffd).repeat(9))],
];

describe('an answer to a number', () => {
  it.each(noChallenge)('that is %s is a problem, and the next try succeeds', async (_, answer) => {
    const { flow } = visit([answer, json(challenge(), 201)]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('contact: unavailable');
    expect(flow.step).toMatchObject({ entry: entryA });
    expect(await ends(flow, () => flow.send())).toBe('code');
  });

  it('that is endless is given up after 64 kB, not when the memory is full', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(stream) {
        sent += 10_000;
        stream.enqueue(new TextEncoder().encode(' '.repeat(10_000)));
      },
    });
    const { flow } = visit([text(body)]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('contact: unavailable');
    expect(sent).toBeLessThan(200_000);
  });

  it.each([
    ['whose body never ends', text(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array([0x7b])) }))],
    ['whose body never begins', text(new ReadableStream({}))],
  ])('%s is given up at the time limit, even if the page’s own fetch ignores it', async (_, answer) => {
    const limit = new AbortController();
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
    const { flow } = visit([answer, json(challenge(), 201)]);
    flow.send(entryA);
    await settled();
    expect(shown(flow)).toBe('sending');
    limit.abort();
    expect(await ends(flow, () => undefined)).toBe('contact: unreachable');
    expect(flow.step).toMatchObject({ entry: entryA });
    vi.restoreAllMocks();
    expect(await ends(flow, () => flow.send())).toBe('code');
  });

  it('that breaks off within its body is no connection', async () => {
    const body = new ReadableStream({ pull: (stream) => stream.error(new TypeError('terminated')) });
    const { flow } = visit([text(body)]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('contact: unreachable');
  });

  it('in any number of pieces, with characters cut in two, is read', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(challenge({ to: '•••• 71 ✓' })));
    const pieces = [...bytes].map((byte) => new Uint8Array([byte]));
    const body = new ReadableStream({
      pull(stream) {
        const piece = pieces.shift();
        if (piece) stream.enqueue(piece);
        else stream.close();
      },
    });
    const { flow } = visit([text(body, 'text/plain')]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('code');
    expect(flow.step).toMatchObject({ sent: { challenge: { to: '•••• 71 ✓' } } });
  });

  it('with fields and methods of a newer version continues with those that this version knows', async () => {
    const newer = { ...challenge(), color: 'red', methods: [...challenge().methods, { channel: 'rcs', to: '+1' }] };
    const { flow } = visit([json(newer, 201)]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('code');
    expect(flow.step).toMatchObject({ sent: { challenge: { methods: challenge().methods } } });
  });

  it.each([
    ['of 4 digits by WhatsApp', { codeLength: 4, channel: 'whatsapp' }],
    ['of 10 digits by a call', { codeLength: 10, channel: 'call' }],
    ['without a wait, for a year', { resendIn: 0, expiresIn: 366 * 86_400 }],
  ] as const)('for a code %s is read', async (_, more) => {
    const { flow } = visit([json(challenge(more), 201)]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('code');
  });

  it('never leads to another address: the request forbids redirects', async () => {
    const { flow, requests } = visit([json(challenge(), 201)]);
    await ends(flow, () => flow.send(entryA));
    expect(requests).toMatchObject([{ redirect: 'error' }]);
  });
});

describe('a wait', () => {
  it.each([
    ['as text', '60'],
    ['as words', 'soon'],
    ['that is no number', NaN],
    ['that is negative', -5],
    ['with a fraction', 1.5],
    ['beyond all dates', 1e300],
    ['of two years', 2 * 366 * 86_400],
    ['as a list', [60]],
    ['as null', null],
    ['as true', true],
  ])('%s is none, and a number of tries likewise', async (_, value) => {
    const { flow, clock } = visit([problem('too-many-sends', { retryIn: value, attemptsLeft: value })]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('contact: too-many-sends');
    expect(flow.step).toEqual({
      name: 'contact',
      entry: entryA,
      back: null,
      problem: { code: 'too-many-sends', retryAt: clock.now() },
    });
    expect([flow.retryIn, clock.pending]).toEqual([0, 0]);
  });

  it('of a year is the longest one', async () => {
    const { flow } = visit([problem('too-many-sends', { retryIn: 366 * 86_400 })]);
    await ends(flow, () => flow.send(entryA));
    expect(flow.retryIn).toBe(366 * 86_400);
  });
});

describe('a problem', () => {
  it.each(['a-newer-one', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'named %s is shown, and keeps the number',
    async (code) => {
      const { flow } = visit([problem(code), json(challenge(), 201)]);
      expect(await ends(flow, () => flow.send(entryA))).toBe(`contact: ${code}`);
      expect(flow.step).toMatchObject({ entry: entryA });
      expect(await ends(flow, () => flow.send())).toBe('code');
    },
  );

  it.each<[string, unknown]>([
    ['a list', ['wrong-code']],
    ['a number', 5],
    ['an object', {}],
    ['null', null],
    ['empty', ''],
  ])('whose code is %s is not ours', async (_, code) => {
    const { flow } = visit([problem(code)]);
    expect(await ends(flow, () => flow.send(entryA))).toBe('contact: unavailable');
  });
});

describe('in the code step, an answer', () => {
  it.each([
    ['to a resend with a channel of a newer version', json(challenge({ channel: 'rcs' as 'sms' }))],
    ['to a resend for another purpose', json(byPhone)],
    ['to a resend with a code of 100 million digits', json(challenge({ codeLength: 1e8 }))],
  ])('%s keeps the code that was sent', async (_, answer) => {
    const { flow, clock } = visit([json(challenge(), 201), answer, json(result)]);
    await ends(flow, () => flow.send(entryA));
    clock.advance(30);
    expect(await ends(flow, () => flow.resend())).toBe('code: unavailable');
    expect(await ends(flow, () => flow.submit('123456'))).toBe('verified');
  });

  it.each([
    ['without a proof', json({ ...result, proof: undefined })],
    ['with a proof that is a list', json({ ...result, proof: ['a.b.c'] })],
    ['for another purpose', json({ ...result, purpose: 'two-factor' })],
    ['for a purpose of a newer version', json({ ...result, purpose: 'payment' })],
    ['with a contact of a newer kind', json({ ...result, contact: { type: 'fax', value: '+1' } })],
    ['with a contact without a value', json({ ...result, contact: { type: 'phone' } })],
    ['without a contact', json({ ...result, contact: undefined })],
    ['with a lifetime beyond all dates', json({ ...result, expiresIn: 1e300 })],
    ['that is a challenge', json(challenge())],
  ])('to a code, %s, is no success, and the same attempt is made again', async (_, answer) => {
    const { flow, requests } = visit([json(challenge(), 201), answer, json(result)]);
    await ends(flow, () => flow.send(entryA));
    expect(await ends(flow, () => flow.submit('123456'))).toBe('code: unavailable');
    expect(await ends(flow, () => flow.submit('123456'))).toBe('verified');
    const keys = requests.map(({ headers }) => new Headers(headers).get('idempotency-key'));
    expect(keys[1]).toMatch(/\w/);
    expect(keys[2]).toBe(keys[1]);
  });
});

it('the right code for an e-mail address verifies it', async () => {
  const contact = { type: 'email', value: 'ada@example.com' };
  const { flow } = visit([json(challenge({ channel: 'email' }), 201), json({ ...result, contact })]);
  await ends(flow, () => flow.send({ type: 'email', text: 'ada@example.com' }));
  expect(await ends(flow, () => flow.submit('123456'))).toBe('verified');
  expect(flow.step).toMatchObject({ result: { contact } });
});

describe('two-factor', () => {
  it.each([
    ['a channel of a newer version', json({ ...byPhone, channel: 'rcs' })],
    ['a challenge for a contact', json(challenge())],
    ['a page of HTML', text('<!doctype html>', 'text/html')],
    ['a list that requires nothing', json([{ required: false }])],
  ])('that gets %s is not available, never waived, and can be tried again', async (_, answer) => {
    const { flow } = visit([answer, json(byPhone, 201)], { purpose: 'two-factor' });
    expect(await ends(flow, () => undefined)).toBe('unavailable: unavailable');
    expect(await ends(flow, () => flow.send())).toBe('code');
  });
});
