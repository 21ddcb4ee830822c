/** One SQLite file for the store and the accounts: neither disturbs the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { sqliteAccounts, sqliteStore } from '../../../../src/server/index.js';
import { createStack } from '../../../support/backend-stack.js';

const folder = mkdtempSync(join(tmpdir(), 'verify-contact-shared-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('nine people verify at once with one file, and after a restart their contacts and their limits are there', async () => {
  const file = join(folder, 'all.db');
  const open = () => ({ store: sqliteStore({ file }), accounts: sqliteAccounts({ file }) });
  const before = open();
  const stack = await createStack(before);
  const people = Array.from({ length: 9 }, (_, i) => ({ user: `user-${i}`, to: `+141555526${20 + i}` }));
  const verified = await Promise.all(
    people.map(async ({ user, to }) => {
      const { challenge } = (await stack.as(user).contact({ to })).body;
      return (await stack.as(user).check(challenge, stack.code(to))).status;
    }),
  );
  expect(verified).toEqual(people.map(() => 200));
  await before.store.close();
  await before.accounts.close();
  const after = open();
  const restarted = await createStack({ ...after, sharing: stack });
  for (const { user, to } of people) {
    expect((await after.accounts.contacts(user)).phone).toBe(to);
    expect((await restarted.as(user).contact({ to })).problem).toBe('resend-too-soon');
  }
  await after.store.close();
  await after.accounts.close();
});
