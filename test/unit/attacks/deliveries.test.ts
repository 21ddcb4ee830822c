/** What became of a message, asked by people who did not cause it, who ask without end, or whose challenge is another's or over. */
import { describe, expect, it } from 'vitest';
import type { DeliveryStatus } from '../../../src/emulator/index.js';
import { memoryStore, StoreError, type Challenge, type Store } from '../../../src/server/index.js';
import { recordAttack } from '../../support/attack-metrics.js';
import { actor, sends, type Actor } from '../../support/attacker.js';
import { createStack, PHONE, type Reply, type Stack } from '../../support/backend-stack.js';

const questions = (stack: Stack): number => stack.calls('/Attempts').length;
const states: DeliveryStatus[] = ['delivered', 'under-way', 'switched-off', 'full', 'landline', 'unknown', 'filtered'];

/** A response without what differs by chance. */
async function bytesOf({ status, response }: Reply<object>): Promise<string> {
  return `${status} ${JSON.stringify([...response.headers])} ${await response.clone().text()}`;
}

/** A stranger who starts where ada is verifying. */
async function besideAda(status: DeliveryStatus): Promise<{ stack: Stack; stranger: Actor; found: Reply<Challenge> }> {
  const stack = await createStack();
  stack.emulator.deliveries.set(PHONE, status);
  await stack.as('ada').contact({ to: PHONE });
  const stranger = actor(stack, { address: '203.0.113.9' });
  return { stack, stranger, found: await stranger.contact({ to: PHONE }) };
}

describe('a stranger who found a code that somebody else had sent', () => {
  it('reads the same bytes whatever became of the message, and Twilio is asked nothing', async () => {
    const heard = new Set<string>();
    for (const status of states) {
      const { stack, stranger, found } = await besideAda(status);
      for (let n = 0; n < 12; n += 1) {
        heard.add(await bytesOf(await stranger.delivery(found.body.challenge)));
        stack.clock.advance(10);
      }
      expect([questions(stack), sends(stack)]).toEqual([0, 1]);
    }
    expect([...heard]).toEqual([expect.stringContaining('{"delivery":"unknown"}')]);
    recordAttack({
      attack: `a stranger asks about another’s message, in ${states.length} states`,
      budget: 0,
      accepted: 0,
    });
  });

  it('learns nothing after ada has asked, and her answer is not kept from her', async () => {
    const stack = await createStack();
    stack.emulator.deliveries.set(PHONE, 'full');
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.contact({ to: PHONE })).body;
    expect((await ada.delivery(challenge)).body).toEqual({ delivery: 'undelivered' });
    const stranger = actor(stack, { address: '203.0.113.9' });
    const found = (await stranger.contact({ to: PHONE })).body;
    expect((await stranger.delivery(found.challenge)).body).toEqual({ delivery: 'unknown' });
    stack.clock.advance(10);
    expect((await ada.delivery(challenge)).body).toEqual({ delivery: 'undelivered' });
  });

  it('cannot read from the length of the token whether its request sent a message', async () => {
    const { found } = await besideAda('delivered');
    const own = await actor(await createStack(), { address: '203.0.113.9' }).contact({ to: PHONE });
    expect(found.body.challenge).toHaveLength(own.body.challenge.length);
  });

  it('learns nothing of requests that wait for the one that sends', async () => {
    const stack = await createStack();
    const starts = await Promise.all(
      Array.from({ length: 10 }, (_, n) => actor(stack, { address: `203.0.${n}.9` }).contact({ to: PHONE })),
    );
    const heard = await Promise.all(starts.map(async ({ body }) => (await actor(stack).delivery(body.challenge)).body));
    expect(sends(stack)).toBe(1);
    expect(heard.filter(({ delivery }) => delivery !== 'unknown')).toHaveLength(1);
  });

  it('learns of a message that they pay for themselves, and of no other', async () => {
    const { stack, stranger, found } = await besideAda('delivered');
    stack.emulator.deliveries.set(PHONE, 'switched-off');
    stack.clock.advance(60);
    const again = await stranger.resend({ challenge: found.body.challenge });
    expect([again.status, sends(stack)]).toEqual([200, 2]);
    expect((await stranger.delivery(again.body.challenge)).body).toEqual({ delivery: 'undelivered' });
    expect((await stranger.delivery(found.body.challenge)).body).toEqual({ delivery: 'unknown' });
  });
});

describe('a challenge that is not one’s own, or over', () => {
  it('of another user says nothing, of either purpose', async () => {
    const stack = await createStack();
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    const ada = actor(stack, { user: 'ada' });
    const mallory = actor(stack, { user: 'mallory' });
    const contact = (await ada.contact({ to: '+447400123456' })).body;
    await stack.accounts.setTwoFactorRequired('ada', true);
    const factor = (await ada.twoFactor()).body;
    for (const { challenge } of [contact, factor])
      expect(await mallory.delivery(challenge)).toMatchObject({ problem: 'invalid-challenge' });
    expect(await actor(stack).delivery(factor.challenge)).toMatchObject({ problem: 'unauthenticated' });
    // Whoever owes a second factor is not answered about a contact either.
    expect(await ada.delivery(contact.challenge)).toMatchObject({ problem: 'two-factor-needed' });
    expect(questions(stack)).toBe(0);
  });

  it('says nothing once its phone is no longer a factor', async () => {
    const stack = await createStack();
    await stack.accounts.contactVerified('ada', { type: 'phone', value: PHONE });
    await stack.accounts.setTwoFactorRequired('ada', true);
    const ada = actor(stack, { user: 'ada' });
    const { challenge } = (await ada.twoFactor()).body;
    await stack.accounts.remove('ada', { type: 'phone', value: PHONE });
    expect(await ada.delivery(challenge)).toMatchObject({ problem: 'invalid-challenge' });
    expect(questions(stack)).toBe(0);
  });

  it('says nothing once it has expired, was used, or was made up', async () => {
    const stack = await createStack();
    const visitor = actor(stack);
    const { challenge } = (await visitor.contact({ to: PHONE })).body;
    const other = (await visitor.contact({ to: '+447400123456' })).body;
    await visitor.check(challenge, stack.code(PHONE));
    expect(await visitor.delivery(challenge)).toMatchObject({ problem: 'invalid-challenge' });
    stack.clock.advance(600);
    expect(await visitor.delivery(other.challenge)).toMatchObject({ problem: 'code-expired' });
    const last = other.challenge.at(-9) === 'A' ? 'B' : 'A';
    const forged = other.challenge.slice(0, -9) + last + other.challenge.slice(-8);
    expect(await visitor.delivery(forged)).toMatchObject({ problem: 'invalid-challenge' });
    expect(questions(stack)).toBe(0);
  });
});

describe('a restart that loses the store', () => {
  it('gives a stranger nothing, and whoever sent the message ten questions more', async () => {
    const { stack, stranger, found } = await besideAda('under-way');
    const own = (await actor(stack, { user: 'ada' }).contact({ to: '+447400123456' })).body;
    const restarted = await createStack({ sharing: stack, store: memoryStore() });
    expect((await actor(restarted).delivery(found.body.challenge)).body).toEqual({ delivery: 'unknown' });
    expect((await stranger.delivery(found.body.challenge)).body).toEqual({ delivery: 'unknown' });
    const ada = actor(restarted, { user: 'ada' });
    for (let n = 0; n < 30; n += 1) {
      expect((await ada.delivery(own.challenge)).body).toEqual({ delivery: 'delivered' });
      stack.clock.advance(10);
    }
    expect(questions(restarted)).toBe(1);
  });

  it('that keeps it changes nothing, and a store that fails answers nothing', async () => {
    const stack = await createStack();
    stack.emulator.deliveries.set(PHONE, 'under-way');
    const { challenge } = (await actor(stack).contact({ to: PHONE })).body;
    const instances = [stack, await createStack({ sharing: stack, store: stack.store })];
    for (let n = 0; n < 40; n += 1) {
      await Promise.all(instances.map((one) => actor(one).delivery(challenge)));
      stack.clock.advance(5);
    }
    expect(questions(stack)).toBe(10);
    recordAttack({ attack: '80 questions about a message over two instances', budget: 10, accepted: questions(stack) });
    const store: Store = { ...stack.store, get: () => Promise.reject(new StoreError('It is gone.')) };
    const broken = await createStack({ sharing: stack, store });
    expect(await actor(broken).delivery(challenge)).toMatchObject({ problem: 'unavailable' });
  });
});
