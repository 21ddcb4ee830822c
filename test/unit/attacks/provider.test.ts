/** Answers of Twilio, or of somebody in its place: only `approved` for our verification is a success. */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE, type Stack } from '../../support/backend-stack.js';
import { actor, addressOf, checksAtTwilio } from '../../support/attacker.js';
import { recordAttack } from '../../support/attack-metrics.js';

const CHECK = '/VerificationCheck';
const html = (text: string) => new Response(text, { headers: { 'content-type': 'text/html' } });
const sid = (prefix: string, digit: string) => prefix + digit.repeat(32);

/** Each answer, made from the real one to a wrong code (`pending`) or replacing it. */
const answers: [string, (truth: Record<string, unknown>) => Response][] = [
  ['pending', (truth) => Response.json(truth)],
  ['pending with valid: true', (truth) => Response.json({ ...truth, valid: true })],
  ['canceled', (truth) => Response.json({ ...truth, status: 'canceled' })],
  ['max_attempts_reached', (truth) => Response.json({ ...truth, status: 'max_attempts_reached' })],
  ['an unknown word', (truth) => Response.json({ ...truth, status: 'okay', valid: true })],
  ['approved in capitals', (truth) => Response.json({ ...truth, status: 'APPROVED', valid: true })],
  ['approved in a list', (truth) => Response.json({ ...truth, status: ['approved'], valid: true })],
  ['valid alone', ({ status: _, ...truth }) => Response.json({ ...truth, valid: true })],
  ['approved, for another number', (truth) => Response.json({ ...truth, status: 'approved', to: '+447400123456' })],
  ['approved, for no number', ({ to: _, ...truth }) => Response.json({ ...truth, status: 'approved' })],
  [
    'approved, for another verification',
    (truth) => Response.json({ ...truth, status: 'approved', sid: sid('VE', '0') }),
  ],
  [
    'approved, of another service',
    (truth) => Response.json({ ...truth, status: 'approved', service_sid: sid('VA', '0') }),
  ],
  [
    'approved, of another account',
    (truth) => Response.json({ ...truth, status: 'approved', account_sid: sid('AC', '0') }),
  ],
  ['approved, and not valid', (truth) => Response.json({ ...truth, status: 'approved', valid: false })],
  ['nothing', () => new Response(null, { status: 200 })],
  ['an empty object', () => Response.json({})],
  ['null', () => Response.json(null)],
  ['a list', () => Response.json([{ status: 'approved' }])],
  ['a text', () => Response.json('approved')],
  ['a page of HTML', () => html('<html>approved</html>')],
  ['approved with status 400', (truth) => Response.json({ ...truth, status: 'approved' }, { status: 400 })],
  ['approved with status 302', (truth) => Response.json({ ...truth, status: 'approved' }, { status: 302 })],
  ['approved with status 503', (truth) => Response.json({ ...truth, status: 'approved' }, { status: 503 })],
  ['a megabyte of nothing', () => html(' '.repeat(1_048_577))],
];

describe('an answer to a wrong code that says', () => {
  let accepted = 0;
  it.each(answers)('%s is not a success', async (_, answer) => {
    const stack = await createStack({
      twilio: {
        async transport(request) {
          const truth = await stack.emulator.fetch(request);
          return request.url.endsWith(CHECK) ? answer((await truth.json()) as Record<string, unknown>) : truth;
        },
      },
    });
    const { challenge } = (await actor(stack, { user: 'ada' }).contact({ to: PHONE })).body;
    const { status, body } = await actor(stack, { user: 'ada' }).check(challenge, stack.wrongCode(PHONE));
    if (status < 400) accepted += 1;
    expect(status).toBeGreaterThanOrEqual(400);
    expect(Object.keys(body)).not.toContain('proof');
    expect(await stack.accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
  });

  it('all of these: successes = 0', () => {
    expect(accepted).toBe(0);
    recordAttack({ attack: `${answers.length} false answers of Twilio`, budget: 0, accepted });
  });
});

describe('a wrong code whose answer is lost', () => {
  const claims: Record<string, unknown>[] = [
    { conversion_status: ['converted'] },
    { conversion_status: 'approved' },
    { conversion_status: true },
    { conversion_status: 'converted', account_sid: sid('AC', '0') },
    { conversion_status: 'converted', service_sid: sid('VA', '0') },
    { conversion_status: 'converted', verification_sid: sid('VE', '0') },
    { conversion_status: 'converted', verification_sid: null },
  ];
  let accepted = 0;

  it.each(claims)('is not approved by an attempt whose %j', async (claim) => {
    const stack = await createStack({
      twilio: {
        async transport(request) {
          const truth = await stack.emulator.fetch(request);
          if (!request.url.includes('/Attempts')) return truth;
          const { attempts, ...rest } = (await truth.json()) as { attempts: object[] };
          return Response.json({ ...rest, attempts: attempts.map((one) => ({ ...one, ...claim })) });
        },
      },
    });
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.contact({ to: PHONE })).body;
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-after' });
    const key = crypto.randomUUID();
    for (let time = 0; time < 2; time += 1) {
      const { status } = await ada.check(challenge, stack.wrongCode(PHONE), key);
      if (status < 400) accepted += 1;
      expect(status).toBeGreaterThanOrEqual(400);
    }
    expect(stack.calls('/Attempts').length).toBeGreaterThan(0);
  });

  it('all of these: successes = 0', () => {
    recordAttack({ attack: `${claims.length} false lists of attempts`, budget: 0, accepted });
  });
});

it('a send is never repeated automatically, whatever happens to it', async () => {
  for (const kind of ['reset-before', 'reset-after', 'html-502', 'broken-json', 'problem-json'] as const) {
    const stack = await createStack();
    stack.emulator.faults.add({ path: '/Verifications', method: 'POST', kind });
    await actor(stack).contact({ to: PHONE });
    expect(stack.calls().filter((call) => call === 'POST /Verifications')).toHaveLength(1);
  }
});

it('a check counts even if its answer is lost: 100 lost answers allow no more guesses than the budget', async () => {
  const stack = await createStack({ limits: { checks: { backoff: [] } } });
  const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
  stack.emulator.faults.add({ path: CHECK, kind: 'reset-after', times: Infinity });
  for (let i = 0; i < 100; i += 1) await actor(stack).check(challenge, stack.wrongCode(PHONE));
  expect(checksAtTwilio(stack).length).toBeLessThanOrEqual(5);
  recordAttack({ attack: '100 checks whose answers are lost', budget: 5, accepted: checksAtTwilio(stack).length });
});

describe('a flood of sign-ups', () => {
  /** A stack with a verified phone of Ada's, where `signUp` answers all calls to the service for contacts in place of Twilio. */
  async function floodedStack(signUp: () => Promise<Response>): Promise<Stack> {
    const unlimited = { address: false, addressDestinations: false, prefix: false, country: false } as const;
    const stack = await createStack({
      limits: { sends: { ...unlimited, total: { perHour: 10_000, perDay: 10_000 } } },
      twoFactor: { required: 'always' },
      twilio: {
        transport: (request) =>
          request.url.includes(stack.emulator.services.contact) ? signUp() : stack.emulator.fetch(request),
      },
    });
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    return stack;
  }

  const signsUp = (stack: Stack, n: number) =>
    actor(stack, { address: addressOf(n) }).contact({ to: `+49151${String(23_000_000 + 7 * n)}` });

  /** Ada starts two-factor and enters her code, six times. Returns how often she got through. */
  async function sixSignIns(stack: Stack): Promise<number> {
    const ada = actor(stack, { user: 'ada', address: '203.0.113.9' });
    let passed = 0;
    for (let n = 0; n < 6; n += 1) {
      const { body, status } = await ada.twoFactor();
      if (status === 201 && (await ada.check(body.challenge, stack.code(PHONE))).status === 200) passed += 1;
      stack.clock.advance(300);
    }
    return passed;
  }

  it('that Twilio leaves waiting lets everybody sign in', async () => {
    const waiting: (() => void)[] = [];
    const failure = () => new Response(null, { status: 500 });
    let over = false;
    const stack = await floodedStack(
      () => new Promise((resolve) => (over ? resolve(failure()) : waiting.push(() => resolve(failure())))),
    );
    const answers = Array.from({ length: 600 }, (_, n) => signsUp(stack, n));
    await expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(512);
    const passed = await sixSignIns(stack);
    expect([passed, waiting.length]).toEqual([6, 512]);
    over = true;
    waiting.forEach((end) => end());
    expect(new Set((await Promise.all(answers)).map(({ problem }) => problem))).toEqual(new Set(['unavailable']));
    recordAttack({
      attack: '600 sign-ups that Twilio leaves waiting: sign-ins refused, of 6',
      budget: 0,
      accepted: 6 - passed,
    });
  });

  it('that Twilio does not answer lets everybody sign in', async () => {
    let calls = 0;
    const stack = await floodedStack(() => {
      calls += 1;
      return Promise.reject(new TypeError('no answer'));
    });
    for (let n = 0; n < 20; n += 1) await signsUp(stack, n);
    expect(calls).toBe(5);
    const passed = await sixSignIns(stack);
    expect(passed).toBe(6);
    recordAttack({
      attack: '20 sign-ups without an answer of Twilio: sign-ins refused, of 6',
      budget: 0,
      accepted: 6 - passed,
    });
  });
});
