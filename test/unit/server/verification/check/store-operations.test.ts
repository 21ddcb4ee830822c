/** How often a request asks the store: with Redis, each time is a round trip. */
import { expect, it } from 'vitest';
import { memoryStore, type Store } from '../../../../../src/server/index.js';
import { createStack, PHONE } from '../../../../support/backend-stack.js';

/** A store that writes down which of its methods are called. */
function countingStore(): { store: Store; operations: string[] } {
  const operations: string[] = [];
  const store = new Proxy(memoryStore(), {
    get(target, name: keyof Store) {
      return (...args: unknown[]) => {
        operations.push(name);
        return (target[name] as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  return { store, operations };
}

async function counted(user: string | null) {
  const { store, operations } = countingStore();
  const stack = await createStack({ store });
  const ask = stack.as(user);
  /** The operations of one request. */
  const during = async (request: Promise<{ status: number }>, status: number): Promise<string[]> => {
    expect((await request).status).toBe(status);
    return operations.splice(0);
  };
  operations.length = 0;
  const start = await during(ask.contact({ to: PHONE }), 201);
  const { challenge } = (await ask.contact({ to: PHONE })).body;
  operations.length = 0;
  return { stack, ask, challenge, during, start };
}

it('a start asks the store three times', async () => {
  expect((await counted(null)).start).toEqual(['setIfAbsent', 'reserve', 'compareAndSet']);
});

it('a wrong check asks the store five times', async () => {
  const { stack, ask, challenge, during } = await counted('ada');
  expect(await during(ask.check(challenge, stack.wrongCode(PHONE)), 422)).toEqual([
    'setIfAbsent', // begins the attempt
    'reserve', // reserves the guess
    'setIfAbsent', // takes the check lock
    'compareAndSet', // releases the check lock
    'compareAndSet', // records the outcome
  ]);
});

it('a right check asks the store six times if there are no accounts to notify', async () => {
  const { stack, ask, challenge, during } = await counted(null);
  expect(await during(ask.check(challenge, stack.code(PHONE)), 200)).toEqual([
    'setIfAbsent', // begins the attempt
    'reserve', // reserves the guess
    'setIfAbsent', // takes the check lock
    'compareAndSet', // consumes the verification
    'compareAndSet', // records the approval
    'clear', // forgets earlier failures
  ]);
});

it('a right check asks the store seven times if there are accounts to notify', async () => {
  const { stack, ask, challenge, during } = await counted('ada');
  expect(await during(ask.check(challenge, stack.code(PHONE)), 200)).toEqual([
    'setIfAbsent', // begins the attempt
    'reserve', // reserves the guess
    'setIfAbsent', // takes the check lock
    'compareAndSet', // consumes the verification
    'compareAndSet', // records the approval
    'clear', // forgets earlier failures
    'compareAndSet', // records that the accounts were notified
  ]);
});

it('a check that comes again while Twilio’s list is out of reach asks the store six times', async () => {
  const { stack, ask, challenge, during } = await counted(null);
  const key = 'k'.repeat(20);
  stack.emulator.faults.add({ path: '/VerificationCheck', kind: 'reset-after' });
  stack.emulator.faults.add({ path: '/Attempts', kind: 'reset-before', times: 2 });
  await during(ask.check(challenge, stack.code(PHONE), key), 503);
  expect(await during(ask.check(challenge, stack.code(PHONE), key), 503)).toEqual([
    'setIfAbsent', // finds the attempt
    'compareAndSet', // takes it over
    'setIfAbsent', // finds the check lock
    'compareAndSet', // takes it over
    'compareAndSet', // marks the attempt
    'compareAndSet', // marks the check lock
  ]);
});
