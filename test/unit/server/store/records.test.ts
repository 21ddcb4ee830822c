/** What the store is given to keep, and for how long: docs/data-retention.md says this to those who run it. */
import { expect, it } from 'vitest';
import { memoryAccounts, memoryStore, type Store } from '../../../../src/server/index.js';
import { createStack, EMAIL, OTHER_PHONE, PHONE } from '../../../support/backend-stack.js';

/** A store that notes the kind, the longest life and the value of each record. */
function noting(lives: Map<string, number>, values: string[]): Store {
  const store = memoryStore();
  const note = (key: string, value: string | null, ttl: number) => {
    const [kind = ''] = key.split('.');
    if (value === null) return;
    lives.set(kind, Math.max(ttl, lives.get(kind) ?? 0));
    values.push(value);
  };
  return {
    ...store,
    set: (key, value, ttl, now) => (note(key, value, ttl), store.set(key, value, ttl, now)),
    setIfAbsent: (key, value, ttl, now) => (note(key, value, ttl), store.setIfAbsent(key, value, ttl, now)),
    compareAndSet: (key, expected, value, ttl, now) => (
      note(key, value, ttl),
      store.compareAndSet(key, expected, value, ttl, now)
    ),
  };
}

it('every record has the life that the document says, and names nobody', async () => {
  const lives = new Map<string, number>();
  const values: string[] = [];
  let down = false;
  const accounts = memoryAccounts();
  const stack = await createStack({
    store: noting(lives, values),
    twilio: { lookup: true },
    accounts: {
      contacts: (id) => accounts.contacts(id),
      contactVerified: (id, contact) =>
        down ? Promise.reject(new Error('down')) : accounts.contactVerified(id, contact),
    },
  });
  const ada = stack.as('ada');
  const { challenge } = (await ada.contact({ to: PHONE })).body;
  await stack.post('delivery', { challenge }, { cookie: 'session=ada' });
  await ada.check(challenge, stack.wrongCode(PHONE));
  stack.emulator.faults.add({ path: '/VerificationCheck', kind: 'reset-before' });
  await ada.check(challenge, stack.code(PHONE), 'k'.repeat(16));
  down = true;
  await ada.check(challenge, stack.code(PHONE), 'k'.repeat(16));
  stack.emulator.faults.add({ path: '/Verifications', code: 60410 });
  await ada.contact({ to: OTHER_PHONE });
  stack.emulator.faults.add({ path: '/Verifications', kind: 'reset-after', times: 2 });
  await ada.contact({ to: EMAIL });
  expect(Object.fromEntries(lives)).toEqual({
    destination: 600,
    'failed-send': 30,
    delivery: 600,
    attempt: 86_400,
    'check-lock': 720,
    'line-type': 86_400,
  });
  const codes = stack.emulator.outbox.list().map(({ code }) => code);
  const all = values
    .join('\n')
    .replace(/"(VE|verification":"VE)[0-9a-f]+"/g, '')
    .replace(/\d{13}/g, '');
  for (const secret of [PHONE, OTHER_PHONE, EMAIL, '198.51.100.7', 'ada"']) expect(all).not.toContain(secret);
  for (const code of codes) expect(all).not.toMatch(new RegExp(`\\b${code}\\b`));
});
