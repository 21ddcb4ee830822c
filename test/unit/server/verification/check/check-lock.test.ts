/** One check of a verification at a time, and one approval: also when answers are slow, locks change hands and the store forgets. */
import { describe, expect, it, vi } from 'vitest';
import { memoryAccounts, memoryStore, type Store } from '../../../../../src/server/index.js';
import { createStack, PHONE, type Stack, type StackOptions } from '../../../../support/backend-stack.js';

const CHECK = '/VerificationCheck';
const key = 'k'.repeat(20);

/** What a test does with a check on its way to Twilio. `forward` gets Twilio's answer. */
type Gate = (n: number, forward: () => Promise<Response>) => Promise<Response>;

/** A stack whose checks go through the gate; `most` is how many were ever on their way at once. */
async function gatedStack(gate: Gate, options: StackOptions = {}) {
  const seen = { checks: 0, inside: 0, most: 0 };
  const stack = await createStack({
    ...options,
    twilio: {
      async transport(request) {
        if (!request.url.endsWith(CHECK)) return await stack.emulator.fetch(request);
        seen.checks += 1;
        seen.inside += 1;
        seen.most = Math.max(seen.most, seen.inside);
        try {
          return await gate(seen.checks, () => stack.emulator.fetch(request));
        } finally {
          seen.inside -= 1;
        }
      },
    },
  });
  return { stack, seen };
}

const started = async (stack: Stack, user: string | null) =>
  (await stack.as(user).contact({ to: PHONE })).body.challenge;

const slowly: Gate = async (_, forward) => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  return await forward();
};

/** Checks that are held until the test lets them go, in the order in which they came. */
function holding() {
  const held: (() => void)[] = [];
  const gate: Gate = async (_, forward) => {
    await new Promise<void>((letGo) => held.push(letGo));
    return await forward();
  };
  return { held, gate };
}

describe('checks of one verification', () => {
  it('reach Twilio one after another, however many come at once', async () => {
    const { stack, seen } = await gatedStack(slowly);
    const challenge = await started(stack, null);
    const codes = [stack.wrongCode(PHONE), stack.code(PHONE), stack.wrongCode(PHONE)];
    const answers = await Promise.all(codes.map((code) => stack.as(null).check(challenge, code)));
    expect(answers.map(({ status }) => status)).toContain(200);
    expect(seen.most).toBe(1);
  });

  it('reach Twilio one after another also after one that went unanswered', async () => {
    const { stack, seen } = await gatedStack(slowly);
    const challenge = await started(stack, null);
    stack.emulator.faults.add({ path: CHECK, kind: 'reset-before' });
    expect((await stack.as(null).check(challenge, stack.wrongCode(PHONE))).problem).toBe('unavailable');
    const codes = [stack.wrongCode(PHONE), stack.wrongCode(PHONE)];
    await Promise.all(codes.map((code) => stack.as(null).check(challenge, code)));
    expect(seen).toMatchObject({ checks: 3, most: 1 });
  });
});

describe('a slow approval', () => {
  it('is not lost to another person who was given the check meanwhile, and who is refused', async () => {
    const { held, gate } = holding();
    const { stack } = await gatedStack(gate);
    const [hers, his] = [await started(stack, 'ada'), await started(stack, 'bob')];
    const right = stack.code(PHONE);
    const slow = stack.as('ada').check(hers, right);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    stack.clock.advance(21);
    const next = stack.as('bob').check(his, stack.wrongCode(PHONE));
    await vi.waitFor(() => expect(held).toHaveLength(2));
    held[0]?.();
    expect((await slow).status).toBe(200);
    held[1]?.();
    expect((await next).problem).toBe('code-expired');
    // The verification is hers: nobody can use it again, and she is told so.
    expect((await stack.as('ada').check(hers, right)).problem).toBe('invalid-challenge');
    expect((await stack.as('bob').check(his, right)).problem).toBe('code-expired');
    expect((await stack.as('ada').resend({ challenge: hers })).problem).toBe('invalid-challenge');
    expect(stack.calls(CHECK)).toHaveLength(2);
  });

  it('counts for nothing if another person was approved first: even if Twilio said yes twice, one gets a proof', async () => {
    let approval: Response | undefined;
    let letGo = (): void => undefined;
    const { stack } = await gatedStack(async (n, forward) => {
      if (n > 1) return approval!.clone();
      // Twilio acts, but its list of attempts does not name the approval.
      approval = await forward();
      await new Promise<void>((resolve) => (letGo = resolve));
      return approval.clone();
    });
    const [hers, his] = [await started(stack, 'ada'), await started(stack, 'bob')];
    const slow = stack.as('ada').check(hers, stack.code(PHONE), key);
    await vi.waitFor(() => expect(approval).toBeDefined());
    stack.clock.advance(21);
    stack.emulator.faults.add({ path: '/Attempts', body: { attempts: [], meta: { key: 'attempts' } }, status: 200 });
    expect((await stack.as('bob').check(his, stack.code(PHONE))).status).toBe(200);
    letGo();
    expect((await slow).problem).toBe('code-expired');
    expect(await stack.accounts.contacts('ada')).toEqual({ twoFactorRequired: false });
  });

  it('is told once, even if the request that took its place found it out as well', async () => {
    const { held, gate } = holding();
    const { stack } = await gatedStack(gate);
    const challenge = await started(stack, 'ada');
    const slow = stack.as('ada').check(challenge, stack.code(PHONE), key);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    stack.clock.advance(21);
    const next = stack.as('ada').check(challenge, stack.code(PHONE), key);
    await vi.waitFor(() => expect(held).toHaveLength(2));
    held.forEach((letGo) => letGo());
    expect([(await slow).status, (await next).status]).toEqual([200, 200]);
    expect(stack.events.filter(({ type }) => type === 'code-checked')).toMatchObject([{ approved: true }]);
  });
});

it('a store that was emptied while Twilio said yes lets nobody use the code again', async () => {
  let current = memoryStore();
  const store = new Proxy(current, {
    get:
      (_, name: keyof Store) =>
      (...args: unknown[]) =>
        (current[name] as (...all: unknown[]) => unknown).apply(current, args),
  });
  const emptied: Gate = async (_, forward) => {
    const response = await forward();
    current = memoryStore();
    return response;
  };
  const { stack } = await gatedStack(emptied, { store });
  const challenge = await started(stack, 'ada');
  expect((await stack.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('invalid-challenge');
  expect((await stack.as('ada').resend({ challenge })).problem).toBe('invalid-challenge');
  expect(stack.calls(CHECK)).toHaveLength(1);
});

it('a request that is overtaken again and again gives up, and the next one succeeds', async () => {
  const [accounts, store] = [memoryAccounts(), memoryStore()];
  let [down, overtaken, told] = [true, false, 0];
  const works = store.compareAndSet.bind(store);
  store.compareAndSet = (name, found, value, ttl, now) =>
    overtaken && value?.includes('"notified":true') ? Promise.resolve(false) : works(name, found, value, ttl, now);
  const stack = await createStack({
    store,
    accounts: {
      contacts: (id) => accounts.contacts(id),
      contactVerified(id, contact) {
        told += 1;
        return down ? Promise.reject(new Error('down')) : accounts.contactVerified(id, contact);
      },
    },
  });
  const challenge = await started(stack, 'ada');
  expect((await stack.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
  [down, overtaken, told] = [false, true, 0];
  expect((await stack.as('ada').check(challenge, stack.code(PHONE))).problem).toBe('unavailable');
  expect(told).toBe(1);
  // That is no mistake of ours.
  expect(stack.events).not.toContainEqual(expect.objectContaining({ component: 'backend' }));
  overtaken = false;
  expect((await stack.as('ada').check(challenge, stack.code(PHONE))).status).toBe(200);
});
