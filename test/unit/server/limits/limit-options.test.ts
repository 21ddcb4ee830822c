/** What a host may make of the limits: more or less of them, and no door that stands open. */
import { describe, expect, it } from 'vitest';
import {
  createRateLimits,
  type LimitSubject,
  type LimitOptions,
  type Limits,
} from '../../../../src/server/limits/rate-limits.js';
import { memoryStore } from '../../../../src/server/store/memory.js';

const now = Date.UTC(2026, 0, 1, 12);
const withOptions = (options: unknown): Limits =>
  createRateLimits(memoryStore(), (text) => text, options as LimitOptions);
const asked = (subject: string | null, value = '+14155552671'): LimitSubject => ({
  purpose: 'contact',
  subject,
  address: '192.0.2.1',
  contact: { type: 'phone', value },
  country: 'US',
});

describe('the options', () => {
  it('switch a dimension off where that is safe', async () => {
    const none = { subject: false, subjectDestinations: false, address: false, addressDestinations: false };
    const limits = withOptions({ sends: { ...none, prefix: false, country: false } });
    for (let i = 0; i < 100; i++)
      expect(await limits.send(asked(i % 2 ? 'ada' : null, `+1415555${i + 1000}`), now)).toMatchObject({
        granted: true,
      });
  });

  it.each([
    [{ checks: { destination: 11 } }, 'limits.checks.destination is 10 at most.'],
    [{ checks: { subject: 11 } }, 'limits.checks.subject is 10 at most.'],
    [{ checks: { verification: 6 } }, 'limits.checks.verification is 5 at most.'],
    [{ checks: { address: false } }, 'limits.checks.address takes whole numbers only.'],
    [{ checks: { backoff: false } }, 'limits.checks.backoff takes a list of seconds.'],
    [{ sends: { destination: false } }, 'limits.sends.destination takes whole numbers only.'],
    [{ sends: { total: false } }, 'limits.sends.total takes perHour, perDay.'],
    [{ sends: { total: {} } }, 'limits.sends.total needs a number.'],
  ])('cannot open a door, with more guesses or no bound at all: %j', (open, sentence) => {
    expect(() => withOptions(open)).toThrow(new RangeError(sentence));
  });

  it('of zero let nobody pass', async () => {
    const answer = await withOptions({ sends: { country: { perDay: 0 } } }).send(asked('ada'), now);
    expect(answer).toMatchObject({ granted: false, code: 'too-many-sends' });
  });

  it.each([
    { checks: { destination: 10, subject: 10, verification: 5, address: 500 } },
    { sends: { total: { perHour: 5 } } },
    { sends: { total: { perDay: 5, perHour: undefined } } },
  ])('may go up to the bound of guesses, and name an hour or a day alone: %j', async (options) => {
    expect(await withOptions(options).send(asked('ada'), now)).toMatchObject({ granted: true });
  });

  it.each([
    [{ send: {} }, 'limits.send is no limit.'],
    [{ sends: { destinations: 3 } }, 'limits.sends.destinations is no limit.'],
    [{ checks: { prefix: 3 } }, 'limits.checks.prefix is no limit.'],
    [{ sends: { country: { perWeek: 3 } } }, 'limits.sends.country.perWeek is no limit.'],
  ])('that are misspelt are refused by name, for the default would not be what was meant: %j', (wrong, sentence) => {
    expect(() => withOptions(wrong)).toThrow(new RangeError(sentence));
  });

  it.each([
    [null, 'limits takes sends, checks.'],
    [{ checks: 5 }, 'limits.checks takes verification, verificationLife, destination, subject, address, backoff.'],
    [{ sends: { destination: null } }, 'limits.sends.destination takes whole numbers only.'],
    [{ sends: { destination: NaN } }, 'limits.sends.destination takes whole numbers only.'],
    [{ sends: { subject: { perDay: 3 } } }, 'limits.sends.subject takes whole numbers only.'],
    [{ sends: { subject: true } }, 'limits.sends.subject takes whole numbers only.'],
    [{ sends: { backoff: 30 } }, 'limits.sends.backoff takes a list of seconds.'],
    [{ sends: { backoff: [30, Infinity] } }, 'limits.sends.backoff takes whole numbers only.'],
    [{ sends: { address: 20 } }, 'limits.sends.address takes perHour, perDay.'],
    [{ sends: { address: true } }, 'limits.sends.address takes perHour, perDay.'],
    [{ sends: { prefix: [20] } }, 'limits.sends.prefix takes perHour, perDay.'],
    [{ sends: { prefix: { perDay: -1 } } }, 'limits.sends.prefix takes whole numbers only.'],
    [{ sends: { country: null } }, 'limits.sends.country takes perHour, perDay.'],
  ])('of another kind are refused by name, for they would limit nothing: %j', (wrong, sentence) => {
    expect(() => withOptions(wrong)).toThrow(new RangeError(sentence));
  });

  it('that are undefined mean the default', async () => {
    const limits = withOptions({ sends: { destination: undefined }, checks: undefined });
    expect(await limits.send(asked('ada'), now)).toMatchObject({ granted: true, resendIn: 30 });
  });
});
