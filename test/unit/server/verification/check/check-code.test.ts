/** The check of a code: what counts, what is told again, and what is never lost or proven twice. */
import { describe, expect, it } from 'vitest';
import { ContactInUseError, memoryAccounts, memoryStore } from '../../../../../src/server/index.js';
import { createStack, PHONE, type Stack, type StackOptions } from '../../../../support/backend-stack.js';

const CHECK = '/VerificationCheck';

async function started(options: StackOptions = {}, user: string | null = null) {
  const stack = await createStack(options);
  const { body } = await stack.as(user).contact({ to: PHONE, context: 'order 7' });
  return { stack, ask: stack.as(user), challenge: body.challenge };
}

const checks = (stack: Stack): number => stack.calls(CHECK).length;

describe('wrong codes', () => {
  it('are told with the attempts that are left, and four close the door', async () => {
    const { stack, ask, challenge } = await started();
    const left: unknown[] = [];
    for (let i = 0; i < 4; i += 1) {
      const { body, problem, status } = await ask.check(challenge, stack.wrongCode(PHONE));
      expect([status, problem]).toEqual([422, 'wrong-code']);
      left.push(body.attemptsLeft);
      if (i < 3) stack.clock.advance(body.retryIn ?? 0);
    }
    expect(left).toEqual([3, 2, 1, 0]);
    const closed = await ask.check(challenge, stack.code(PHONE));
    expect(closed.problem).toBe('too-many-attempts');
    expect(closed.response.headers.get('retry-after')).toBe(String(closed.body.retryIn));
    expect(checks(stack)).toBe(4);
  });

  it('have to wait after the third, and the wait that is told is the one that holds', async () => {
    const { stack, ask, challenge } = await started();
    for (let i = 0; i < 2; i += 1) await ask.check(challenge, stack.wrongCode(PHONE));
    const third = await ask.check(challenge, stack.wrongCode(PHONE));
    const wait = third.body.retryIn ?? 0;
    expect(wait).toBeGreaterThan(0);
    stack.clock.advance(wait - 1);
    expect((await ask.check(challenge, stack.code(PHONE))).body).toMatchObject({
      code: 'too-many-attempts',
      retryIn: 1,
    });
    stack.clock.advance(1);
    expect((await ask.check(challenge, stack.code(PHONE))).status).toBe(200);
  });

  it.each(['12345', '1234567', '1e5', 'abcdef', '²²²²²²', '      ', '12 34 5x'])(
    '%j is no code: it costs neither an attempt nor a call',
    async (entered) => {
      const { stack, ask, challenge } = await started();
      const { body, problem } = await ask.check(challenge, entered);
      expect([problem, body.attemptsLeft]).toEqual(['wrong-code', undefined]);
      expect(checks(stack)).toBe(0);
      expect((await ask.check(challenge, stack.wrongCode(PHONE))).body.attemptsLeft).toBe(3);
    },
  );

  it.each(['', null, 0, true, [], { $ne: null }, 123456, '1'.repeat(33)])('%j is no request', async (entered) => {
    const { stack, ask, challenge } = await started();
    expect((await ask.check(challenge, entered)).problem).toBe('invalid-request');
    expect(checks(stack)).toBe(0);
  });

  it('a code is read in any script, with what was pasted around its digits', async () => {
    const { stack, ask, challenge } = await started();
    const code = stack.code(PHONE);
    const arabic = [...code].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join('');
    expect((await ask.check(challenge, ` ${arabic.slice(0, 3)}-${arabic.slice(3)}\u200f`)).status).toBe(200);
  });
});

describe('a spent or foreign challenge', () => {
  it('is not valid a second time, for checks and for resends', async () => {
    const { stack, ask, challenge } = await started();
    await ask.check(challenge, stack.code(PHONE));
    expect((await ask.check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    expect((await ask.resend({ challenge })).problem).toBe('invalid-challenge');
  });

  it('a second challenge on the same code dies with it, and the next start sends a new code at once it may', async () => {
    const { stack, ask, challenge } = await started();
    const second = (await ask.contact({ to: PHONE })).body;
    await ask.check(challenge, stack.code(PHONE));
    expect((await ask.check(second.challenge, stack.code(PHONE))).problem).toBe('code-expired');
    expect((await ask.contact({ to: PHONE })).problem).toBe('resend-too-soon');
    stack.clock.advance(30);
    expect((await ask.contact({ to: PHONE })).body.expiresIn).toBe(600);
  });

  it('leaves the next start alone: its five sends neither delay it nor have anything cancelled', async () => {
    const { stack, ask, challenge } = await started();
    const sends = (): number => stack.calls().filter((call) => call === 'POST /Verifications').length;
    let { body } = await ask.resend({ challenge });
    while (sends() < 5) {
      stack.clock.advance(body.retryIn ?? body.resendIn);
      ({ body } = await ask.resend({ challenge }));
    }
    expect((await ask.check(challenge, stack.code(PHONE))).status).toBe(200);
    const wait = (await ask.contact({ to: PHONE })).body.retryIn ?? 0;
    stack.clock.advance(wait);
    const next = (await ask.contact({ to: PHONE })).body;
    expect([next.expiresIn, sends()]).toEqual([600, 6]);
    expect((await ask.check(next.challenge, stack.code(PHONE))).status).toBe(200);
    expect(stack.calls().filter((call) => call.startsWith('POST /Verifications/'))).toEqual([]);
  });

  it('expires at ten minutes, not before', async () => {
    for (const [seconds, status] of [
      [599, 200],
      [600, 410],
      [601, 410],
    ] as const) {
      const { stack, ask, challenge } = await started();
      stack.clock.advance(seconds);
      const { status: got } = await ask.check(challenge, stack.code(PHONE));
      expect([seconds, got]).toEqual([seconds, status]);
    }
  });

  it('of another user is not valid; one begun by nobody goes on after signing in, and is then that user’s', async () => {
    const { stack, challenge } = await started({}, 'ada');
    for (const thief of ['mallory', null])
      expect((await stack.as(thief).check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
    expect(checks(stack)).toBe(0);
    const anonymous = await started();
    const { body } = await anonymous.stack.as('ada').check(anonymous.challenge, anonymous.stack.code(PHONE));
    expect((await anonymous.stack.verify(body.proof, { subject: 'ada', context: 'order 7' })).sub).toBe('ada');
    expect(await anonymous.stack.accounts.contacts('ada')).toMatchObject({ phone: PHONE });
  });

  it('garbage, a proof and a tampered challenge are all the same', async () => {
    const { stack, ask, challenge } = await started();
    const { body } = await ask.check(challenge, stack.code(PHONE));
    for (const bad of ['x', body.proof, challenge.slice(0, -1), `${challenge}A`])
      expect((await ask.check(bad, '123456')).problem).toBe('invalid-challenge');
  });
});

describe('what Twilio says that is not approval', () => {
  const sid = `VE${'1'.repeat(32)}`;
  const answers: [string, unknown, string][] = [
    ['pending', { status: 'pending', valid: false }, 'wrong-code'],
    ['pending, but valid', { status: 'pending', valid: true }, 'wrong-code'],
    ['canceled', { status: 'canceled' }, 'code-expired'],
    ['max_attempts_reached', { status: 'max_attempts_reached' }, 'too-many-attempts'],
    ['an unknown word', { status: 'accepted', valid: true }, 'unavailable'],
    ['APPROVED', { status: 'APPROVED', valid: true }, 'unavailable'],
    ['another number', { status: 'approved', valid: true, to: '+14155550000' }, 'unavailable'],
    ['another verification', { status: 'approved', valid: true, sid }, 'unavailable'],
    ['another service', { status: 'approved', valid: true, service_sid: `VA${'2'.repeat(32)}` }, 'unavailable'],
    ['nothing', {}, 'unavailable'],
  ];
  it.each(answers)('%s is never a success', async (_, said, problem) => {
    const stack = await createStack({
      twilio: {
        async transport(request) {
          const response = await stack.emulator.fetch(request);
          if (!request.url.includes(CHECK)) return response;
          const truth = (await response.json()) as object;
          return Response.json(Object.keys(said as object).length > 0 ? { ...truth, ...(said as object) } : {});
        },
      },
    });
    const { body } = await stack.as(null).contact({ to: PHONE });
    const checked = await stack.as(null).check(body.challenge, stack.wrongCode(PHONE));
    expect(checked.problem).toBe(problem);
    expect(JSON.stringify(checked.body)).not.toContain('proof');
  });

  it('a page of HTML with status 200 is never a success, and asks nobody to pay an attempt twice', async () => {
    const { stack, ask, challenge } = await started();
    stack.emulator.faults.add({ path: CHECK, status: 200, body: '<html>approved</html>' });
    expect((await ask.check(challenge, stack.wrongCode(PHONE))).problem).toBe('unavailable');
  });
});

describe('accounts and store', () => {
  it('a proven contact is not lost while the accounts are down: the same request succeeds later, without Twilio', async () => {
    const accounts = memoryAccounts();
    let down = true;
    const stack = await createStack({
      accounts: {
        contacts: (id) => accounts.contacts(id),
        contactVerified: (...verified) =>
          down ? Promise.reject(new Error('+14155552671 down')) : accounts.contactVerified(...verified),
      },
    });
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    const key = 'k'.repeat(20);
    const code = stack.code(PHONE);
    const approvedAt = stack.clock.now();
    expect((await ask.check(challenge, code, key)).problem).toBe('unavailable');
    stack.clock.advance(3600);
    down = false;
    const later = await ask.check(challenge, code, key);
    expect(later.status).toBe(200);
    expect(later.body.expiresIn).toBe(1800);
    expect(checks(stack)).toBe(1);
    expect(await accounts.contacts('ada')).toMatchObject({ phone: PHONE, verifiedAt: { phone: approvedAt } });
    expect(JSON.stringify(stack.events)).not.toContain(PHONE);
  });

  it('a contact of somebody else is told only to who proved to have it, and told the same again', async () => {
    const stack = await createStack({ accounts: memoryAccounts({ uniqueContacts: true }) });
    await stack.accounts.contactVerified('bob', { type: 'phone', value: PHONE });
    const ask = stack.as('ada');
    const { challenge } = (await ask.contact({ to: PHONE })).body;
    expect((await ask.check(challenge, stack.wrongCode(PHONE))).problem).toBe('wrong-code');
    const key = 'k'.repeat(20);
    for (let i = 0; i < 2; i += 1)
      expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe('contact-in-use');
    expect(new ContactInUseError().code).toBe('contact-in-use');
  });

  it('a store out of reach refuses, without a call to Twilio', async () => {
    const store = memoryStore();
    const stack = await createStack({ store });
    const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
    const before = stack.calls().length;
    store.setIfAbsent = () => Promise.reject(new Error('gone'));
    store.reserve = () => Promise.reject(new Error('gone'));
    const checked = await stack.as(null).check(challenge, stack.code(PHONE));
    expect([checked.problem, checked.response.headers.get('retry-after')]).toEqual(['unavailable', '5']);
    expect((await stack.as(null).contact({ to: '+14155552672' })).problem).toBe('unavailable');
    expect(stack.calls().length).toBe(before);
  });

  it.each([
    // Nothing that follows an approval calls it.
    [['setIfAbsent'], null],
    [['compareAndSet'], 'unavailable'],
    [['setIfAbsent', 'compareAndSet'], 'unavailable'],
  ] as const)(
    'a store whose %j breaks right after Twilio’s yes loses nothing: the same request succeeds once it is back',
    async (methods, problem) => {
      const store = memoryStore();
      const stack = await createStack({ store });
      const ask = stack.as('ada');
      const { challenge } = (await ask.contact({ to: PHONE })).body;
      const key = 'k'.repeat(20);
      const before = stack.emulator.calls.length;
      const whole = { ...store };
      for (const method of methods) {
        const works = whole[method] as (...all: unknown[]) => Promise<never>;
        store[method] = (...all: unknown[]) =>
          stack.emulator.calls.length > before ? Promise.reject<never>(new Error('gone')) : works(...all);
      }
      expect((await ask.check(challenge, stack.code(PHONE), key)).problem).toBe(problem);
      Object.assign(store, whole);
      stack.clock.advance(21);
      expect((await ask.check(challenge, stack.code(PHONE), key)).status).toBe(200);
      expect(checks(stack)).toBe(1);
    },
  );
});
