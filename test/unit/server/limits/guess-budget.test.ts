/** How many wrong codes a destination may get in a day, of six digits and of eight, and what a refusal says of the limits behind it. */
import { describe, expect, it } from 'vitest';
import { createRateLimits, type Limits, type LimitSubject } from '../../../../src/server/limits/rate-limits.js';
import { memoryStore } from '../../../../src/server/store/memory.js';

const now = Date.UTC(2026, 0, 1, 12);
const SECOND = 1000;

/** A stranger at one number. Each has an account and an address of their own. */
const stranger = (n: number, more: Partial<LimitSubject> = {}): LimitSubject => ({
  purpose: 'contact',
  subject: `stranger ${n}`,
  address: `192.0.${n >> 8}.${n & 255}`,
  contact: { type: 'phone', value: '+14155552671' },
  ...more,
});

const limitsOf = (destination: number, longCodes: boolean, backoff?: number[]): Limits =>
  createRateLimits(
    memoryStore(),
    (text) => text,
    600,
    { checks: { destination, ...(backoff ? { backoff } : {}) } },
    { longCodes },
  );

/** How many wrong codes strangers get in, one each, if they try 120 times. */
async function wrongCodes(limits: Limits, more: Partial<LimitSubject>): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: 120 }, (_, n) => limits.check(stranger(n, more), `VE ${n} ${JSON.stringify(more)}`, now)),
  );
  return answers.filter(({ granted }) => granted).length;
}

describe('all guesses at a contact in a day', () => {
  it.each([true, false])('succeed with p ≤ 10⁻⁵, whatever the host allows; with long codes: %s', async (longCodes) => {
    for (let destination = 0; destination <= 10; destination += 1) {
      const limits = limitsOf(destination, longCodes, []);
      const short = await wrongCodes(limits, {});
      const long = await wrongCodes(limits, { longCode: true });
      // One guess of six digits is worth a hundred of eight. 1,000 of these are 10⁻⁵.
      expect(100 * short + long).toBe(100 * destination);
      expect((100 * short + long) / 1e8).toBeLessThanOrEqual(1e-5);
    }
  });

  it('are ten at six digits, or nine and a hundred at eight', async () => {
    const [without, with_] = [limitsOf(10, false, []), limitsOf(10, true, [])];
    expect([await wrongCodes(without, {}), await wrongCodes(without, { longCode: true })]).toEqual([10, 0]);
    expect([await wrongCodes(with_, {}), await wrongCodes(with_, { longCode: true })]).toEqual([9, 100]);
  });

  it('leave two-factor alone, whose guesses serve one account each', async () => {
    expect(await wrongCodes(limitsOf(10, true, []), { purpose: 'two-factor' })).toBe(30);
    expect(await wrongCodes(limitsOf(10, false, []), { purpose: 'two-factor' })).toBe(30);
  });

  it('of one user are ten, whatever their length', async () => {
    const limits = limitsOf(10, true, []);
    const ada = { subject: 'ada', address: '198.51.100.7' };
    expect(await wrongCodes(limits, { ...ada, longCode: true })).toBe(10);
    expect(await wrongCodes(limits, ada)).toBe(0);
  });
});

describe('a send whose code nobody could check', () => {
  const ada = stranger(999);

  it('is refused by the destination alone if strangers have used up its wrong codes', async () => {
    const limits = limitsOf(10, true);
    for (let n = 0; n < 6; n += 1) await limits.check(stranger(n), `VE${n}`, now + n * 300 * SECOND);
    const at = now + 1500 * SECOND;
    // The wait after the sixth ends before the code does: it is sent. After the seventh it does not.
    expect(await limits.peek(ada, at)).toMatchObject({ resendIn: 0, checkIn: 300, checkRefusedBy: ['destination'] });
    expect((await limits.send(ada, at)).granted).toBe(true);
    await limits.check(stranger(7), 'VE7', at + 300 * SECOND);
    expect(await limits.send(ada, at + 300 * SECOND)).toEqual({
      granted: false,
      code: 'too-many-attempts',
      retryIn: 900,
      refusedBy: ['destination'],
    });
    expect((await limits.send({ ...ada, longCode: true }, at + 300 * SECOND)).granted).toBe(true);
  });

  it('is refused by the user as well if they have used up their own', async () => {
    const limits = limitsOf(10, true, []);
    for (let n = 0; n < 9; n += 1) await limits.check(ada, `VE${n}`, now);
    expect(await limits.send(ada, now)).toMatchObject({ refusedBy: ['destination'] });
    await limits.check({ ...ada, longCode: true }, 'VE long', now);
    expect(await limits.send(ada, now)).toMatchObject({ refusedBy: ['destination', 'subject'] });
    expect(await limits.send({ ...ada, longCode: true }, now)).toMatchObject({ refusedBy: ['subject'] });
    const elsewhere = { ...ada, contact: { type: 'phone' as const, value: '+13125552671' } };
    expect(await limits.send(elsewhere, now)).toMatchObject({ refusedBy: ['subject'] });
  });

  it('is refused by the verification if it would repeat its code, and sent with a new one', async () => {
    const limits = limitsOf(10, false, []);
    for (let n = 0; n < 4; n += 1) await limits.check(stranger(n), 'VE1', now);
    expect(await limits.peek(ada, now, 'VE1')).toMatchObject({ checkIn: 600, checkRefusedBy: ['verification'] });
    expect(await limits.peek(ada, now)).toMatchObject({ checkIn: 0, checkRefusedBy: [] });
    expect(await limits.send(ada, now, 'VE1')).toMatchObject({
      code: 'too-many-attempts',
      refusedBy: ['verification'],
    });
    expect((await limits.send(ada, now)).granted).toBe(true);
  });

  it('says which limits of sends are in the way of the next one', async () => {
    const limits = createRateLimits(memoryStore(), (text) => text, 600, { sends: { subject: 1 } });
    expect(await limits.peek(ada, now)).toMatchObject({ resendIn: 0, resendRefusedBy: [] });
    await limits.send(ada, now);
    expect(await limits.peek(ada, now)).toMatchObject({ resendRefusedBy: ['destination', 'subject'] });
    expect(await limits.peek(stranger(1), now)).toMatchObject({ resendIn: 30, resendRefusedBy: ['destination'] });
    expect(limits.firstResendIn).toBe(30);
  });
});
