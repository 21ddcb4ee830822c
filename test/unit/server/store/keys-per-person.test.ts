/** How many keys of the store in memory a person takes who verifies, as its option `keys` says. */
import { expect, it } from 'vitest';
import { memoryStore } from '../../../../src/server/index.js';
import { createStack } from '../../../support/backend-stack.js';

/** What all people share: the counters of the total, the country, the network and the mail domain. */
const SHARED = 10;
const PEOPLE = 20;

/** Each person starts from an address of their own, and enters a wrong code. Resolves to the statuses. */
async function verifyAll(keysPerPerson: number, contact: (person: number) => string): Promise<number[]> {
  const stack = await createStack({
    anonymous: true,
    store: memoryStore({ keys: PEOPLE * keysPerPerson + SHARED }),
    clientAddress: (request) => request.headers.get('x-address'),
  });
  const statuses = new Set<number>();
  for (let person = 0; person < PEOPLE; person += 1) {
    const headers = { 'x-address': `198.51.${person}.7`, 'idempotency-key': crypto.randomUUID() };
    const started = await stack.post('contact', { to: contact(person) }, headers);
    const { challenge } = (await started.json()) as { challenge?: string };
    statuses.add(started.status);
    if (challenge) statuses.add((await stack.post('check', { challenge, code: '000000' }, headers)).status);
  }
  return [...statuses];
}

const phone = (person: number) => `+1415555${2000 + person * 10}`;
const email = (person: number) => `ada@shop${person}.example`;

it.each([
  ['a phone number', 15, phone],
  ['an e-mail address', 17, email],
])('for a person who verifies %s it is %i', async (_, keys, contact) => {
  expect(await verifyAll(keys, contact)).not.toContain(503);
  expect(await verifyAll(keys - 1, contact)).toContain(503);
});
