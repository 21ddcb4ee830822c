/** The options of the limits: which values a host may set, and which are refused. */
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
  createRateLimits(memoryStore(), (text) => text, 600, options as LimitOptions);
const subjectOf = (subject: string | null, value = '+14155552671'): LimitSubject => ({
  purpose: 'contact',
  subject,
  address: '192.0.2.1',
  contact: { type: 'phone', value },
  country: 'US',
});

describe('the options', () => {
  it('can switch off a limit where that is safe', async () => {
    const none = {
      subject: false,
      subjectDestinations: false,
      address: false,
      addressDestinations: false,
      network: false,
    };
    const limits = withOptions({ sends: { ...none, prefix: false, country: false } });
    for (let i = 0; i < 100; i++)
      expect(await limits.send(subjectOf(i % 2 ? 'ada' : null, `+1415555${i + 1000}`), now)).toMatchObject({
        granted: true,
      });
  });

  it.each([
    [{ checks: { destination: 11 } }, 'limits.checks.destination must be a whole number from 0 to 10.'],
    [{ checks: { subject: 11 } }, 'limits.checks.subject must be a whole number from 0 to 10.'],
    [{ checks: { verification: 5 } }, 'limits.checks.verification must be a whole number from 0 to 4.'],
    [{ checks: { address: false } }, 'limits.checks.address must be a whole number, 0 or more.'],
    [{ checks: { backoff: false } }, 'limits.checks.backoff must be a list of whole numbers of seconds, 0 or more.'],
    [{ sends: { destination: false } }, 'limits.sends.destination must be a whole number, 0 or more.'],
    [{ sends: { total: false } }, 'limits.sends.total must be an object with perHour, perDay.'],
    [{ sends: { total: {} } }, 'limits.sends.total needs perHour or perDay, above 0.'],
    [{ sends: { address: {} } }, 'limits.sends.address needs perHour or perDay.'],
    [{ sends: { country: { perHour: undefined } } }, 'limits.sends.country needs perHour or perDay.'],
  ])('cannot allow more guesses or remove a bound: %j', (open, sentence) => {
    expect(() => withOptions(open)).toThrow(new TypeError(sentence));
  });

  it('of zero allow nothing', async () => {
    const answer = await withOptions({ sends: { country: { perDay: 0 } } }).send(subjectOf('ada'), now);
    expect(answer).toMatchObject({ granted: false, code: 'too-many-sends' });
  });

  it.each([
    { checks: { destination: 10, subject: 10, verification: 4, address: 500 } },
    { sends: { total: { perHour: 5 } } },
    { sends: { total: { perDay: 5, perHour: undefined } } },
  ])('may go up to the maximum, and set an hour or a day alone: %j', async (options) => {
    expect(await withOptions(options).send(subjectOf('ada'), now)).toMatchObject({ granted: true });
  });

  it.each([
    [{ send: {} }, 'limits.send is not an option. Did you mean sends?'],
    [{ sends: { destinations: 3 } }, 'limits.sends.destinations is not an option. Did you mean destination?'],
    [{ sends: { totl: { perDay: 3 } } }, 'limits.sends.totl is not an option. Did you mean total?'],
    [
      { checks: { prefix: 3 } },
      'limits.checks.prefix is not an option. Use verification, destination, subject, address, backoff.',
    ],
    [{ sends: { country: { perWeek: 3 } } }, 'limits.sends.country.perWeek is not an option. Use perHour, perDay.'],
  ])('that are misspelt are refused by name: %j', (wrong, sentence) => {
    expect(() => withOptions(wrong)).toThrow(new TypeError(sentence));
  });

  it.each([
    [null, 'limits must be an object with sends, checks, proofs.'],
    [{ checks: 5 }, 'limits.checks must be an object with verification, destination, subject, address, backoff.'],
    [{ sends: { destination: null } }, 'limits.sends.destination must be a whole number, 0 or more.'],
    [{ sends: { destination: NaN } }, 'limits.sends.destination must be a whole number, 0 or more.'],
    [{ sends: { subject: { perDay: 3 } } }, 'limits.sends.subject must be a whole number, 0 or more, or false.'],
    [{ sends: { subject: true } }, 'limits.sends.subject must be a whole number, 0 or more, or false.'],
    [{ sends: { backoff: 30 } }, 'limits.sends.backoff must be a list of whole numbers of seconds, 0 or more.'],
    [
      { sends: { backoff: [30, Infinity] } },
      'limits.sends.backoff must be a list of whole numbers of seconds, 0 or more.',
    ],
    [{ sends: { address: 20 } }, 'limits.sends.address must be false or an object with perHour, perDay.'],
    [{ sends: { address: true } }, 'limits.sends.address must be false or an object with perHour, perDay.'],
    [{ sends: { prefix: [20] } }, 'limits.sends.prefix must be false or an object with perHour, perDay.'],
    [{ sends: { prefix: { perDay: -1 } } }, 'limits.sends.prefix.perDay must be a whole number, 0 or more.'],
    [{ sends: { tries: 0 } }, 'limits.sends.tries must be a whole number, 1 or more.'],
    [{ sends: { tries: false } }, 'limits.sends.tries must be a whole number, 1 or more.'],
    [{ sends: { network: 200 } }, 'limits.sends.network must be false or an object with perHour, perDay.'],
    [{ sends: { mailDomain: { perHour: '9' } } }, 'limits.sends.mailDomain.perHour must be a whole number, 0 or more.'],
    [{ sends: { contactType: 0.5 } }, 'limits.sends.contactType must be false or an object with phone, email.'],
    [{ sends: { contactType: { sms: 1 } } }, 'limits.sends.contactType.sms is not an option. Use phone, email.'],
    [{ sends: { contactType: { email: 0 } } }, 'limits.sends.contactType.email must be a number above 0, at most 1.'],
    [{ sends: { contactType: { phone: 2 } } }, 'limits.sends.contactType.phone must be a number above 0, at most 1.'],
    [{ sends: { country: null } }, 'limits.sends.country must be false or an object with perHour, perDay.'],
  ])('of the wrong type are refused by name, since they would limit nothing: %j', (wrong, sentence) => {
    expect(() => withOptions(wrong)).toThrow(new TypeError(sentence));
  });

  it('that are undefined have the default', async () => {
    const limits = withOptions({ sends: { destination: undefined }, checks: undefined });
    expect(await limits.send(subjectOf('ada'), now)).toMatchObject({ granted: true, resendIn: 30 });
  });
});
