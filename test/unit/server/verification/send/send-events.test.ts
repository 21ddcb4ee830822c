/** What the host is told of sends: each once, masked, with what it was and what became of it. */
import { expect, it } from 'vitest';
import { memoryStore } from '../../../../../src/server/index.js';
import { createStack, EMAIL, PHONE, type Stack } from '../../../../support/backend-stack.js';

const SEND = '/Verifications';
const about = (stack: Stack) => stack.events.filter(({ type }) => type === 'code-sent' || type === 'code-not-sent');
const phone = { purpose: 'contact', channel: 'sms', country: 'US' };

it('a message and its resend are told, with channel, country and the masked number', async () => {
  const stack = await createStack();
  const { challenge, resendIn } = (await stack.as(null).contact({ to: PHONE })).body;
  stack.clock.advance(resendIn);
  await stack.as(null).resend({ challenge });
  const told = { type: 'code-sent', ...phone, to: '•••• 71' };
  expect(about(stack)).toStrictEqual([
    { ...told, resent: false },
    { ...told, resent: true },
  ]);
});

it('an e-mail has no country', async () => {
  const stack = await createStack();
  await stack.as(null).contact({ to: EMAIL });
  stack.emulator.faults.add({ path: SEND, method: 'POST', code: 60217 });
  await stack.as(null).contact({ to: 'bob@example.org' });
  const where = { purpose: 'contact', channel: 'email' };
  expect(about(stack)).toStrictEqual([
    { type: 'code-sent', ...where, to: 'a•••@e•••', resent: false },
    { type: 'code-not-sent', ...where, problem: 'misconfigured' },
  ]);
});

it('a start that finds the code already there is told as nothing', async () => {
  const stack = await createStack();
  for (let i = 0; i < 2; i += 1) await stack.as(null).contact({ to: PHONE });
  expect(about(stack)).toHaveLength(1);
});

it('a code that was not sent is told once with its problem, however many wait for it', async () => {
  const stack = await createStack();
  stack.emulator.faults.add({ path: SEND, method: 'POST', code: 60410, times: Infinity });
  await Promise.all(Array.from({ length: 5 }, () => stack.as(null).contact({ to: PHONE })));
  expect(about(stack)).toStrictEqual([{ type: 'code-not-sent', ...phone, problem: 'blocked' }]);
});

it('a code that a limit refused is told with the name of that refusal', async () => {
  const stack = await createStack();
  const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
  await stack.as(null).resend({ challenge });
  expect(about(stack).slice(1)).toStrictEqual([{ type: 'code-not-sent', ...phone, problem: 'resend-too-soon' }]);
});

it('a store that fails is told as such, and not as a code that was not sent', async () => {
  const store = memoryStore();
  const stack = await createStack({ store });
  store.reserve = () => Promise.reject(new Error('gone'));
  expect((await stack.as(null).contact({ to: PHONE })).problem).toBe('unavailable');
  expect(about(stack)).toEqual([]);
  expect(stack.events.filter(({ type }) => type === 'unavailable')).toHaveLength(1);
});
