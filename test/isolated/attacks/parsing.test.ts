/** Malformed codes, contacts and JSON are refused with a problem of ours, without a call to Twilio, in linear time. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseCode } from '../../../src/server/contacts/normalize-text.js';
import { createStack, ENDPOINT, PHONE } from '../../support/backend-stack.js';
import { actor, checksAtTwilio, sends } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

afterEach(() => vi.useRealTimers());

const KEY = { 'idempotency-key': 'k'.repeat(16) };

describe('a code', () => {
  const noCodes = [
    '',
    null,
    0,
    true,
    [],
    ['123456'],
    {},
    { $ne: null },
    { $gt: '' },
    123456,
    1e5,
    '12345',
    '1234567',
    '1e5',
    '0x1E240',
    '12345６７',
    '½½½½½½',
    '²²²²²²',
    'ⅥⅥⅥⅥⅥⅥ',
    '①②③④⑤⑥',
    '-12345',
    '12345.',
    '123456\0',
    '123\n456',
    '123456,',
    "1' OR '1",
    '١٢٣٤٥',
    '      ',
    '1'.repeat(33),
    '1'.repeat(5000),
  ];

  it('of a wrong type or length is refused without a call and does not count as an attempt', async () => {
    const stack = await createStack();
    const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
    for (const code of noCodes) {
      const { status, problem } = await actor(stack).check(challenge, code);
      expect([code, status, problem]).toEqual([
        code,
        expect.toSatisfy((one: number) => one === 400 || one === 422),
        expect.stringMatching(/^(invalid-request|wrong-code)$/),
      ]);
    }
    expect(checksAtTwilio(stack)).toEqual([]);
    expect((await actor(stack).check(challenge, stack.wrongCode(PHONE))).body.attemptsLeft).toBe(3);
    recordAttack({ attack: `${noCodes.length} values that are no code`, budget: 0, accepted: 0, calls: 0 });
  });

  it('is accepted in the digits of any script, with blanks and dashes', async () => {
    for (const zero of [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce, 0x1e950]) {
      const stack = await createStack();
      const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
      const written = [...stack.code(PHONE)].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');
      const spaced = ` ${[...written].slice(0, 3).join('')}-${[...written].slice(3).join('')} `;
      expect((await actor(stack).check(challenge, spaced)).status).toBe(200);
    }
  });

  it('reaches Twilio only as six ASCII digits in the typed order, whatever is typed', () => {
    const noise = fc.constantFrom(' ', '-', '\u200b', '\u2013', 'a', '\u0663', '\u{1d7d9}', '²', '\0', '+', '.', '１');
    const typed = fc.array(fc.oneof(noise, fc.integer({ min: 0, max: 9 }).map(String)), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 40 }),
          typed.map((all) => all.join('')),
        ),
        (text) => {
          const code = parseCode(text, 6);
          if (code === null) return;
          expect(code).toMatch(/^[0-9]{6}$/);
          const digits = [...text.normalize('NFKC')].filter((one) => /\p{Nd}/u.test(one));
          expect(digits).toHaveLength(6);
          digits.forEach((digit, i) => /[0-9]/.test(digit) && expect(digit).toBe(code[i]));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('a body', () => {
  const raw = async (body: BodyInit, headers: Record<string, string> = {}) => {
    const stack = await createStack();
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      duplex: 'half',
    } as RequestInit;
    const response = await stack.handler(new Request(`${ENDPOINT}/contact`, init), { address: '198.51.100.7' });
    expect(stack.calls()).toEqual([]);
    return { status: response.status, text: await response.text() };
  };

  it('of 10 MB is refused before it is read, with or without its length in the header', async () => {
    const large = new Uint8Array(10_000_000).fill(0x20);
    expect((await raw(large, { 'content-length': '10000000' })).status).toBe(413);
    let taken = 0;
    const stream = new ReadableStream({
      pull(controller) {
        taken += 1;
        if (taken > 2000) controller.close();
        else controller.enqueue(large.subarray(0, 5000));
      },
    });
    expect((await raw(stream)).status).toBe(413);
    expect(taken).toBeLessThan(10);
  });

  it('that never ends is refused after ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const drip = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"to":"')) });
    let status = 0;
    const answer = raw(drip).then((one) => (status = one.status));
    // Waits until the backend has set its timer. How long it loads modules first is unknown.
    while (vi.getTimerCount() === 0) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(9_999);
    expect(status).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await answer;
    expect(status).toBe(400);
  });

  it('with 10,000 levels or a duplicate key is not a request', async () => {
    const deep = `${'['.repeat(8000)}${']'.repeat(8000)}`;
    const bodies = [
      deep,
      `{"to":"${PHONE}","extra":${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}}`,
      '[[[',
      '',
      'null',
      '[]',
      '"text"',
      '1',
      `{"to":"${PHONE}","to":"+447400123456"}`,
      `{"to":"${PHONE}","\\u0074o":"+447400123456"}`,
      `{"__proto__":{"to":"x"},"to":"${PHONE}"}`,
      `\ufeff{"to":"${PHONE}"}`,
      `{"to":"${PHONE}\\u0000"}`,
      `{"to":"\\ud800"}`,
      `{"to":"${PHONE}",}`,
      `{"to":'x'}`,
      `{"to":"${PHONE}"} {"to":"${PHONE}"}`,
    ];
    for (const body of bodies) expect([body.slice(0, 40), (await raw(body)).status]).toEqual([body.slice(0, 40), 400]);
    const tower = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect((await raw(tower)).status).toBe(413);
    const invalid = new Uint8Array([
      ...new TextEncoder().encode('{"to":"+1415555'),
      0xff,
      0xfe,
      ...new TextEncoder().encode('2671"}'),
    ]);
    expect((await raw(invalid)).status).toBe(400);
  });

  it('with any JSON, on any route, is answered with a problem of ours or a success, never with a server error', async () => {
    const stack = await createStack({
      twoFactor: { required: 'always' },
      limits: { sends: { address: false, subject: false } },
    });
    const { challenge } = (await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body;
    const names = fc.constantFrom(
      'to',
      'country',
      'channel',
      'locale',
      'context',
      'extra',
      'challenge',
      'code',
      'destination',
      'subject',
      '__proto__',
      'constructor',
      'toString',
    );
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(PHONE, 'US', 'sms', 'email', challenge, '123456', '\u202e+1415', 'a@b.c', 'de-DE'),
    );
    const body = fc
      .array(fc.tuple(names, values), { maxLength: 4 })
      .map(
        (entries) =>
          `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
      );
    const route = fc.constantFrom('contact', 'two-factor', 'resend', 'delivery', 'check');
    await fc.assert(
      fc.asyncProperty(route, body, async (path, text) => {
        const { status } = await actor(stack, { user: 'ada' }).post(path, text, KEY);
        expect(status).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
    expect(stack.events.filter(({ type }) => type === 'unavailable' || type === 'misconfigured')).toEqual([]);
  });
});

describe('a contact', () => {
  it('that could reach a stranger or inject a mail header is refused before any send', async () => {
    const stack = await createStack();
    const bad = [
      '"e@evil.example"@victim.example',
      'a@b.example,c@d.example',
      'a@b.example\r\nBcc: c@d.example',
      'a@[127.0.0.1]',
      'a@127.0.0.1',
      'a@b',
      'a b@c.example',
      '<a@b.example>',
      'mailto:a@b.example',
      'a@b.example;c@d.example',
      'a@b.example?cc=c@d.example',
      'a%40b.example',
      'hello +1 415 555 2671',
      '+1 415 555 2671 ext. 5',
      '+1 415 555 2671;ext=5',
      'tel:+14155552671',
      '+1 415 555 2671\n+44 7400 123456',
      '+²¹⁴¹⁵',
      '00',
      '+',
      '+0',
      '4155552671',
      `+${'1'.repeat(63)}`,
    ];
    for (const to of bad) {
      const { status } = await actor(stack).contact({ to });
      expect([to, status]).toEqual([to, 422]);
    }
    const fullWidth = await actor(stack).contact({ to: '＋447400123456', country: 'US' });
    expect(fullWidth.body.to).toBe('+44 7400 123456');
    expect(stack.emulator.outbox.list().map(({ to }) => to)).toEqual(['+447400123456']);
    expect(sends(stack)).toBe(1);
    recordAttack({ attack: `${bad.length} contacts that could reach a stranger`, budget: 0, accepted: 0, sends: 0 });
  });
});
