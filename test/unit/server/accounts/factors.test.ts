/** The factors that the shipped accounts keep: one suite, run on memory, on a SQLite file and on a real PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { StoredFactor } from '../../../../src/server/accounts/accounts.js';
import { accountPlaces } from '../../../support/account-places.js';

const june = Date.UTC(2026, 5, 1, 12, 0, 0, 7);
const app: StoredFactor = { id: 'a1', type: 'totp', name: 'Phone', reference: `YF${'1'.repeat(32)}`, addedAt: june };
const tablet: StoredFactor = { ...app, id: 'a2', name: 'Tablet', reference: `YF${'2'.repeat(32)}`, addedAt: june + 1 };
const phone = { type: 'phone', value: '+14155552671' } as const;

for (const { name, missing, empty } of await accountPlaces()) {
  describe.skipIf(missing)(`factors in ${name}`, () => {
    test('an unknown user has none, and no identity at Twilio', async () => {
      const accounts = (await empty())();
      expect(await accounts.factors.list('ann')).toEqual([]);
      expect(await accounts.factors.identity('ann')).toBeNull();
      await accounts.setTwoFactorRequired('ann', true);
      expect(await accounts.factors.identity('ann')).toBeNull();
    });

    test('are listed with all that was stored, the oldest first, and belong to one user', async () => {
      const accounts = (await empty())();
      const used = { ...tablet, lastUsedAt: june + 2 };
      await accounts.factors.add('ann', used);
      await accounts.factors.add('ann', app);
      expect(await accounts.factors.list('ann')).toEqual([app, used]);
      expect(await accounts.factors.list('bob')).toEqual([]);
      expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    });

    test('a factor that is added ten times at once, or again under another name, is one', async () => {
      const open = await empty();
      const stores = [open(), open(), open()];
      await Promise.all(Array.from({ length: 10 }, async (_, n) => await stores[n % 3]?.factors.add('ann', app)));
      await stores[0]?.factors.add('ann', { ...app, name: 'Another' });
      expect(await stores[1]?.factors.list('ann')).toEqual([app]);
    });

    test('two users may have a factor of one id', async () => {
      const accounts = (await empty())();
      await accounts.factors.add('ann', app);
      await accounts.factors.add('bob', { ...app, name: 'Of Bob' });
      expect(await accounts.factors.remove('bob', app.id)).toBe(true);
      expect(await accounts.factors.list('ann')).toEqual([app]);
    });

    test('is renamed for its owner only', async () => {
      const accounts = (await empty())();
      await accounts.factors.add('ann', app);
      const name = `'; drop table verify_contact_factors; -- \u{1f600}`;
      expect(await accounts.factors.rename('bob', app.id, name)).toBe(false);
      expect(await accounts.factors.rename('ann', 'other', name)).toBe(false);
      expect(await accounts.factors.rename('ann', app.id, name)).toBe(true);
      expect(await accounts.factors.list('ann')).toEqual([{ ...app, name }]);
    });

    test('of ten removals at once, one removed it', async () => {
      const open = await empty();
      const stores = [open(), open(), open()];
      await stores[0]?.factors.add('ann', app);
      await stores[0]?.factors.add('ann', tablet);
      expect(await stores[1]?.factors.remove('bob', app.id)).toBe(false);
      const removals = Array.from({ length: 10 }, async (_, n) => await stores[n % 3]?.factors.remove('ann', app.id));
      expect((await Promise.all(removals)).filter((removed) => removed === true)).toHaveLength(1);
      expect(await stores[2]?.factors.list('ann')).toEqual([tablet]);
    });

    test('the last use is kept, and an earlier one that is recorded later changes nothing', async () => {
      const accounts = (await empty())();
      await accounts.factors.add('ann', app);
      for (const at of [june + 5, june + 9, june + 7]) await accounts.factors.used('ann', app.id, at);
      await accounts.factors.used('ann', 'other', june + 20);
      await accounts.factors.used('bob', app.id, june + 20);
      expect(await accounts.factors.list('ann')).toEqual([{ ...app, lastUsedAt: june + 9 }]);
    });

    test('ten tabs that propose an identity at once get the same, and it stays', async () => {
      const open = await empty();
      const stores = [open(), open(), open()];
      const proposals = Array.from(
        { length: 10 },
        async (_, n) => await stores[n % 3]?.factors.identity('ann', randomUUID()),
      );
      const [identity, ...others] = new Set(await Promise.all(proposals));
      expect(others).toEqual([]);
      await stores[1]?.setTwoFactorRequired('ann', true);
      expect(await stores[2]?.factors.identity('ann')).toBe(identity);
      expect((await stores[0]?.contacts('ann'))?.twoFactorRequired).toBe(true);
      expect(await stores[0]?.factors.identity('ann', randomUUID())).toBe(identity);
      expect((await stores[0]?.contacts('ann'))?.twoFactorRequired).toBe(true);
      expect(await stores[0]?.factors.identity('bob', randomUUID())).not.toBe(identity);
    });

    test('an identity requires two-factor of nobody', async () => {
      const accounts = (await empty())();
      await accounts.factors.identity('ann', randomUUID());
      expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    });

    test('deleting a user deletes the factors and the identity, and nobody else’s', async () => {
      const accounts = (await empty())();
      for (const user of ['ann', 'bob']) {
        await accounts.contactVerified(user, phone, june);
        await accounts.factors.add(user, app);
        await accounts.factors.identity(user, `identity-of-${user}`);
      }
      await accounts.delete('ann');
      expect(await accounts.factors.list('ann')).toEqual([]);
      expect(await accounts.factors.identity('ann')).toBeNull();
      expect(await accounts.factors.list('bob')).toEqual([app]);
      expect(await accounts.factors.identity('bob')).toBe('identity-of-bob');
    });

    test.skipIf(name === 'memory')('survive a restart', async () => {
      const open = await empty();
      const before = open();
      await before.factors.add('ann', app);
      await before.factors.identity('ann', 'identity-of-ann');
      await before.close();
      const after = open();
      expect(await after.factors.list('ann')).toEqual([app]);
      expect(await after.factors.identity('ann')).toBe('identity-of-ann');
    });
  });
}
