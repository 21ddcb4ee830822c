/** A failed call to Twilio: what the person hears, how long they wait, and what the owner hears. */
import { describe, expect, it } from 'vitest';
import type { BackendEvent } from '../../../../src/server/index.js';
import { TwilioError } from '../../../../src/server/twilio/errors.js';
import { problemFromTwilio } from '../../../../src/server/verification/twilio-problem.js';

const rejected = (code: number, status: number, more: { retryAfter?: number; limit?: string } = {}) =>
  new TwilioError('rejected', `HTTP ${status}`, { code, status, ...more });

/** The problem and the events of an error, with 90.5 s of the verification left. */
function heard(error: unknown, operation: 'send' | 'check' = 'send', remaining = 90_500) {
  const events: BackendEvent[] = [];
  const { code, details } = problemFromTwilio(
    { emit: (event) => void events.push(event) },
    error,
    operation,
    remaining,
  );
  return { problem: code, details, events };
}

describe('the wait', () => {
  it.each([
    ['too-many-sends', 60203, 91],
    ['too-many-attempts', 60202, 91],
    ['resend-too-soon', 60212, 5],
  ] as const)('of %s (%i) is our own, if Twilio names none: %i s', (problem, code, retryIn) => {
    expect(heard(rejected(code, 429))).toEqual({ problem, details: { retryIn }, events: [] });
  });

  it.each([60203, 60202, 60212])('of %i is Twilio’s, if it names one', (code) => {
    expect(heard(rejected(code, 429, { retryAfter: 7 })).details).toEqual({ retryIn: 7 });
  });

  it('is a second at least, also when the verification has just ended', () => {
    for (const remaining of [0, -5_000, 1])
      expect(heard(rejected(60203, 429), 'send', remaining).details).toEqual({ retryIn: 1 });
  });

  it('of an outage is Twilio’s, or none', () => {
    expect(heard(rejected(20429, 429, { retryAfter: 7 })).details).toEqual({ retryIn: 7 });
    expect(heard(new TwilioError('indeterminate', 'ECONNRESET')).details).toEqual({});
  });

  it('is none where waiting does not help', () => {
    expect(heard(rejected(60410, 403, { retryAfter: 7 })).details).toStrictEqual({});
  });
});

describe('the owner', () => {
  it('reads what to set up, and Twilio’s code', () => {
    const { problem, events } = heard(rejected(20003, 401));
    const hint = expect.stringContaining('credentials') as string;
    expect([problem, events]).toStrictEqual(['misconfigured', [{ type: 'misconfigured', hint, twilioCode: 20003 }]]);
  });

  it('reads a warning where something still works', () => {
    const { problem, events } = heard(rejected(60410, 403));
    const hint = expect.stringContaining('Fraud Guard') as string;
    expect([problem, events]).toStrictEqual(['blocked', [{ type: 'warning', hint, twilioCode: 60410 }]]);
  });

  it('reads no code where Twilio gave none', () => {
    const { events } = heard(new TwilioError('rejected', 'HTTP 400', { status: 400 }));
    expect(events).toStrictEqual([{ type: 'misconfigured', hint: expect.stringContaining('error unknown') as string }]);
  });

  it('hears of an outage with its reason, after a hint if there is one', () => {
    expect(heard(new TwilioError('indeterminate', 'ECONNRESET')).events).toStrictEqual([
      { type: 'unavailable', component: 'twilio', reason: 'ECONNRESET' },
    ]);
    expect(heard(rejected(20429, 429)).events).toMatchObject([
      { type: 'warning', twilioCode: 20429 },
      { type: 'unavailable', component: 'twilio', reason: 'HTTP 429' },
    ]);
  });

  it('hears nothing of what only the person can change', () => {
    expect(heard(rejected(60202, 429)).events).toEqual([]);
  });
});

describe('a 404', () => {
  it('of a check means that the code has expired; of a send, that the service is wrong', () => {
    expect(heard(rejected(20404, 404), 'check')).toEqual({ problem: 'code-expired', details: {}, events: [] });
    expect(heard(rejected(20404, 404), 'send').problem).toBe('misconfigured');
  });
});

it('an error that is not Twilio’s is no problem of Twilio’s: it is thrown as it is', () => {
  const mistake = new RangeError('a mistake');
  expect(() => heard(mistake)).toThrow(mistake);
});
