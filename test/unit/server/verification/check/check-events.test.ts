/** What the host is told of checks: each once, masked, and every part that failed by its name. */
import { expect, it } from 'vitest';
import { memoryAccounts, memoryStore } from '../../../../../src/server/index.js';
import { createStack, EMAIL, PHONE, type Stack } from '../../../../support/backend-stack.js';

const CHECK = '/VerificationCheck';
const key = 'k'.repeat(20);

const eventsOf = (stack: Stack, type: string) => stack.events.filter((event) => event.type === type);

it('a wrong and a right code are told, with the channel, the country and the masked number', async () => {
  const stack = await createStack();
  const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
  await stack.as(null).check(challenge, stack.wrongCode(PHONE));
  await stack.as(null).check(challenge, stack.code(PHONE));
  const told = { type: 'code-checked', purpose: 'contact', channel: 'sms', to: '•••• 71', country: 'US' };
  expect(eventsOf(stack, 'code-checked')).toStrictEqual([
    { ...told, approved: false },
    { ...told, approved: true },
  ]);
});

it('the code of an e-mail has no country', async () => {
  const stack = await createStack();
  const { challenge } = (await stack.as(null).contact({ to: EMAIL })).body;
  await stack.as(null).check(challenge, stack.code(EMAIL));
  expect(eventsOf(stack, 'code-checked')).toStrictEqual([
    { type: 'code-checked', purpose: 'contact', channel: 'email', to: 'a•••@e•••', approved: true },
  ]);
});

it('a repeated answer is told once', async () => {
  const stack = await createStack();
  const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
  for (let i = 0; i < 2; i += 1) await stack.as(null).check(challenge, stack.wrongCode(PHONE), key);
  expect(eventsOf(stack, 'code-checked')).toHaveLength(1);
});

it('a store that cannot forget earlier failures is told, and the code is right all the same', async () => {
  const store = memoryStore();
  const stack = await createStack({ store });
  const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
  store.clear = () => Promise.reject(new Error('gone'));
  expect((await stack.as(null).check(challenge, stack.code(PHONE))).status).toBe(200);
  expect(eventsOf(stack, 'unavailable')).toEqual([
    { type: 'unavailable', component: 'store', reason: 'failures could not be forgiven' },
  ]);
});

it('accounts that do not take a contact are told, with no word of theirs', async () => {
  const stack = await createStack({
    accounts: {
      contacts: (id) => memoryAccounts().contacts(id),
      contactVerified: () => Promise.reject(new RangeError(`${PHONE} is not wanted`)),
    },
  });
  const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
  expect((await stack.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
  const [told, ...more] = eventsOf(stack, 'unavailable');
  expect(more).toEqual([]);
  expect(told).toMatchObject({ component: 'accounts', reason: expect.stringMatching(/^RangeError at /) as string });
  expect(JSON.stringify(stack.events)).not.toContain('wanted');
});

it.each([null, undefined, 'down'])('accounts that throw %j are out of reach', async (thrown) => {
  const stack = await createStack({
    accounts: {
      contacts: (id) => memoryAccounts().contacts(id),
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a host can throw anything
      contactVerified: () => Promise.reject(thrown),
    },
  });
  const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
  expect((await stack.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
  expect(eventsOf(stack, 'unavailable')).toMatchObject([{ component: 'accounts' }]);
});

it('the host’s own error with the code `contact-in-use` says the same as ours', async () => {
  const stack = await createStack({
    accounts: {
      contacts: (id) => memoryAccounts().contacts(id),
      contactVerified: () => Promise.reject(Object.assign(new Error('taken'), { code: 'contact-in-use' })),
    },
  });
  const { challenge } = (await stack.as('ada').contact({ to: PHONE })).body;
  expect((await stack.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('contact-in-use');
  expect(eventsOf(stack, 'unavailable')).toEqual([]);
});

it('a status that no check has is told, and is no success', async () => {
  const stack = await createStack({
    twilio: {
      async transport(request) {
        const response = await stack.emulator.fetch(request);
        if (!request.url.endsWith(CHECK)) return response;
        return Response.json({ ...((await response.json()) as object), status: 'accepted' });
      },
    },
  });
  const { challenge } = (await stack.as(null).contact({ to: PHONE })).body;
  expect((await stack.as(null).check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
  expect(eventsOf(stack, 'unavailable')).toEqual([
    { type: 'unavailable', component: 'twilio', reason: 'a status that no check has' },
  ]);
});
