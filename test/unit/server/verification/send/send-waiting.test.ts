/** People who meet at one number while a message is on its way: who waits, who need not, and what each gets. */
import { describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../../../../src/server/index.js';
import { createStack, PHONE, type Stack, type StackOptions } from '../../../../support/backend-stack.js';

const messages = (stack: Stack): number => stack.emulator.outbox.list().length;

/** A stack whose sends wait at Twilio's door, from the n-th on, until the test lets them go. */
async function heldFrom(n: number, options: StackOptions = {}) {
  const held: (() => void)[] = [];
  let sends = 0;
  const stack = await createStack({
    ...options,
    twilio: {
      async transport(request) {
        if (request.url.endsWith('/Verifications') && request.method === 'POST' && (sends += 1) >= n)
          await new Promise<void>((letGo) => held.push(letGo));
        return await stack.emulator.fetch(request);
      },
    },
  });
  const letGo = async () => {
    await vi.waitFor(() => expect(held.length).toBeGreaterThan(0));
    held.shift()?.();
  };
  return { stack, held, letGo };
}

describe('while a resend is on its way', () => {
  it('a start gets the code that is there, at once', async () => {
    const { stack, held, letGo } = await heldFrom(2);
    const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
    stack.clock.advance(20);
    const other = (await stack.as('ada').contact({ to: PHONE })).body;
    stack.clock.advance(10);
    const resend = stack.as('ada').resend({ challenge });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const { status, body } = await stack.as('bob').contact({ to: PHONE });
    expect([status, held.length]).toEqual([201, 1]);
    await letGo();
    expect((await resend).status).toBe(200);
    expect(messages(stack)).toBe(2);
    expect((await stack.as('bob').check(body.challenge, stack.code(PHONE))).status).toBe(200);
    expect((await stack.as('ada').check(other.challenge, stack.code(PHONE))).problem).toBe('code-expired');
  });

  it('a second resend waits for it, and is told the wait that follows', async () => {
    const { stack, held, letGo } = await heldFrom(2);
    const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
    stack.clock.advance(30);
    const both = [stack.as('ada').resend({ challenge }), stack.as('ada').resend({ challenge })];
    await letGo();
    const answers = await Promise.all(both);
    expect(answers.map(({ status, body }) => [status, body.resendIn])).toEqual([
      [200, 40],
      [200, 40],
    ]);
    expect([messages(stack), held.length]).toEqual([2, 0]);
  });

  it('a code that is used meanwhile is given to nobody: who waited gets the new one', async () => {
    const { stack, held, letGo } = await heldFrom(2);
    const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
    stack.clock.advance(30);
    const resend = stack.as('ada').resend({ challenge });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    expect((await stack.as('ada').check(challenge, stack.code(PHONE))).status).toBe(200);
    const start = stack.as('bob').contact({ to: PHONE });
    await letGo();
    await resend;
    const { body } = await start;
    expect((await stack.as('bob').check(body.challenge, stack.code(PHONE))).status).toBe(200);
  });
});

describe('a message that fails for one', () => {
  it('because their store failed is sent for the next one who waits', async () => {
    const store = memoryStore();
    const { stack, letGo, held } = await heldFrom(1, { store });
    const first = stack.as('ada').contact({ to: PHONE });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const next = stack.as('bob').contact({ to: PHONE });
    stack.emulator.faults.add({ path: '/Verifications', method: 'POST', code: 60410 });
    const works = store.set.bind(store);
    // The problem cannot be recorded for those who wait, so they find out for themselves.
    store.set = () => Promise.reject(new Error('gone'));
    await letGo();
    expect((await first).problem).toBe('unavailable');
    store.set = works;
    await letGo();
    expect((await next).status).toBe(201);
    expect(messages(stack)).toBe(1);
  });

  it('is sent for the next one also if there is an older code: both asked for another message', async () => {
    const store = memoryStore();
    const { stack, letGo, held } = await heldFrom(2, { store });
    const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
    stack.clock.advance(30);
    const first = stack.as('ada').resend({ challenge });
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const next = stack.as('ada').resend({ challenge });
    stack.emulator.faults.add({ path: '/Verifications', method: 'POST', code: 60410 });
    const works = store.set.bind(store);
    store.set = () => Promise.reject(new Error('gone'));
    await letGo();
    expect((await first).problem).toBe('unavailable');
    store.set = works;
    await letGo();
    expect((await next).status).toBe(200);
    expect(messages(stack)).toBe(2);
  });
});

it('a hook is given `extra` only where the page sends it', async () => {
  const seen: object[] = [];
  const stack = await createStack({ beforeSend: (details) => void seen.push(details) });
  await stack.as(null).contact({ to: PHONE });
  await stack.as(null).contact({ to: '+14155552672', extra: { captcha: 'x' } });
  expect(seen.map((details) => 'extra' in details)).toEqual([false, true]);
});
