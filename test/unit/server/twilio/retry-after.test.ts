/** How long Twilio's own `Retry-After` makes a person wait. */
import { describe, expect, it } from 'vitest';
import { createStack, PHONE } from '../../../support/backend-stack.js';

/** Twilio's code, its status, and what the person hears. */
const refusals = [
  [20429, 429, 'unavailable'],
  [60203, 429, 'too-many-sends'],
  [60202, 429, 'too-many-attempts'],
  [60212, 429, 'resend-too-soon'],
  [20503, 503, 'unavailable'],
] as const;

/** What a person hears whose send or check Twilio refuses with that header. */
async function refused(
  header: string,
  operation: 'send' | 'check' = 'send',
  [code, status]: readonly [number, number, ...unknown[]] = refusals[0],
) {
  const stack = await createStack();
  const ada = stack.as('ada');
  const fault = { status, code, body: { code, status, message: '' }, headers: { 'Retry-After': header } };
  if (operation === 'send') {
    stack.emulator.faults.add({ path: '/Verifications', method: 'POST', ...fault });
    return await ada.contact({ to: PHONE });
  }
  const { challenge } = (await ada.contact({ to: PHONE })).body;
  stack.emulator.faults.add({ path: '/VerificationCheck', ...fault });
  return await ada.check(challenge, stack.wrongCode(PHONE));
}

describe('the Retry-After of Twilio’s refusal', () => {
  it.each(refusals)('%i (HTTP %i) of a send is what the person waits, who hears %s', async (...refusal) => {
    const { problem, body, response } = await refused('77', 'send', refusal);
    expect([problem, body.retryIn, response.headers.get('retry-after')]).toEqual([refusal[2], 77, '77']);
  });

  it.each(refusals.slice(0, 3))('%i (HTTP %i) of a check is what the person waits', async (...refusal) => {
    const { body, response } = await refused('77', 'check', refusal);
    expect([body.retryIn, response.headers.get('retry-after')]).toEqual([77, '77']);
  });

  it.each([
    // The clock of the stack stands at 12:00:00.
    ['Sun, 01 Mar 2026 12:01:30 GMT', 90],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 1],
    ['Mon, 01 Mar 2027 12:00:00 GMT', 86_400],
    ['0', 1],
    ['86400', 86_400],
    ['86401', 86_400],
    ['999999999999999', 86_400],
  ])('%s is a wait of %i seconds', async (header, seconds) => {
    expect((await refused(header)).body.retryIn).toBe(seconds);
  });

  it.each([
    '',
    'soon',
    '-5',
    '1.5',
    '1e3',
    '0x10',
    '1, 2',
    '9999999999999999',
    '2026-03-01T12:01:30Z',
    'Sun, 99 Mar 2026 12:01:30 GMT',
    'Sunday, 01-Mar-26 12:01:30 GMT',
    'Sun, 01 Mar 2026 12:01:30 GMT, 5',
    '7 Sun, 01 Mar 2026 12:01:30 GMT',
  ])('that is "%s" says nothing: the wait is our own', async (header) => {
    const { problem, body } = await refused(header);
    expect([problem, body.retryIn]).toEqual(['unavailable', 5]);
  });
});
