/** How long a request waits for another one. */
import { expect, it, vi } from 'vitest';
import { createStack, PHONE, type Stack } from '../../../support/backend-stack.js';
import { pollUntil } from '../../../../src/server/verification/poll-until.js';

/** Two people start at one number while Twilio does not answer the first: milliseconds that the second one waits. */
async function waitFor(timeout: number): Promise<{ problem: string | null; waited: number }> {
  let waited = 0;
  let called = false;
  const stack: Stack = await createStack({
    twilio: { timeout, transport: () => ((called = true), new Promise<never>(() => undefined)) },
    wait: async (milliseconds) => void ((waited += milliseconds), stack.clock.advance(milliseconds / 1000)),
  });
  void stack.as(null).contact({ to: PHONE });
  await vi.waitUntil(() => called);
  const { problem } = await stack.as('ada').contact({ to: PHONE });
  return { problem, waited };
}

it('whoever waits for another send waits as long as the configured call may take, and no longer', async () => {
  for (const timeout of [1_000, 10_000, 20_000]) {
    const { problem, waited } = await waitFor(timeout);
    expect(problem).toBe('unavailable');
    // The call, and the look-up of what it did.
    expect(waited).toBeGreaterThanOrEqual(timeout + 9_900);
    expect(waited).toBeLessThanOrEqual(timeout + 10_100);
  }
});

it('a store that is slow does not prolong the wait, and a clock that is set back neither', async () => {
  let time = 0;
  let polls = 0;
  const waiting = (step: number) =>
    pollUntil({ now: () => (time += step), wait: async () => undefined, callDeadlineMs: 10_000 }, async () => {
      polls += 1;
      return null;
    });
  await expect(waiting(1_000)).rejects.toMatchObject({ code: 'unavailable' });
  expect(polls).toBe(10);
  polls = 0;
  await expect(waiting(-1_000)).rejects.toMatchObject({ code: 'unavailable' });
  expect(polls).toBe(201);
});
