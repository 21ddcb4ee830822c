/** The shipped accounts: one suite, run on memory, on a SQLite file and on a real PostgreSQL. */
import { describe, expect, test } from 'vitest';
import type { Contact } from '../../../../src/protocol/schemas.js';
import { AccountsError, ContactInUseError } from '../../../../src/server/accounts/accounts.js';
import { accountPlaces } from '../../../support/account-places.js';

const phone: Contact = { type: 'phone', value: '+14155552671' };
const otherPhone: Contact = { type: 'phone', value: '+447911123456' };
const email: Contact = { type: 'email', value: 'Ann@example.com' };
const june = Date.UTC(2026, 5, 1, 12, 0, 0, 7);

for (const { name, missing, empty: opening } of await accountPlaces()) {
  describe.skipIf(missing)(`accounts in ${name}`, () => {
    test('an unknown user has no contacts', async () => {
      const accounts = (await opening())();
      expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    });

    test('a verified contact is stored as it was verified', async () => {
      const accounts = (await opening())();
      await accounts.contactVerified('ann', phone, june);
      await accounts.contactVerified('ann', email, june + 1);
      expect(await accounts.contacts('ann')).toEqual({
        phone: phone.value,
        email: email.value,
        twoFactorRequired: false,
        verifiedAt: { phone: june, email: june + 1 },
      });
      expect(await accounts.contacts('bob')).toEqual({ twoFactorRequired: false });
    });

    test('verifying the same contact twice changes nothing, and another number replaces the first', async () => {
      const accounts = (await opening())({ uniqueContacts: true });
      await accounts.contactVerified('ann', phone, june);
      await accounts.contactVerified('ann', phone, june);
      const verifiedAt = { phone: june };
      expect(await accounts.contacts('ann')).toEqual({ phone: phone.value, twoFactorRequired: false, verifiedAt });
      await accounts.contactVerified('ann', otherPhone, june + 1);
      expect(await accounts.contacts('ann')).toEqual({
        phone: otherPhone.value,
        twoFactorRequired: false,
        verifiedAt: { phone: june + 1 },
      });
      await accounts.contactVerified('bob', phone);
      expect((await accounts.contacts('bob')).phone).toBe(phone.value);
    });

    test('a contact that the host records without a time was verified now, and one that is verified again is so since then', async () => {
      const accounts = (await opening())();
      const before = Date.now();
      await accounts.contactVerified('ann', phone);
      const { verifiedAt } = await accounts.contacts('ann');
      expect(verifiedAt?.phone).toBeGreaterThanOrEqual(before);
      expect(verifiedAt?.phone).toBeLessThanOrEqual(Date.now());
      expect(verifiedAt).not.toHaveProperty('email');
      await accounts.contactVerified('ann', phone, june);
      expect((await accounts.contacts('ann')).verifiedAt).toEqual({ phone: june });
    });

    test('two-factor can be switched on and off for an account', async () => {
      const accounts = (await opening())();
      await accounts.setTwoFactorRequired('ann', true);
      await accounts.setTwoFactorRequired('ann', true);
      expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: true });
      await accounts.setTwoFactorRequired('ann', false);
      expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    });

    test('only the named contact is removed', async () => {
      const accounts = (await opening())();
      await accounts.contactVerified('ann', phone, june);
      await accounts.contactVerified('ann', email, june);
      await accounts.remove('ann', otherPhone);
      await accounts.remove('bob', phone);
      expect((await accounts.contacts('ann')).phone).toBe(phone.value);
      await accounts.remove('ann', phone);
      const verifiedAt = { email: june };
      expect(await accounts.contacts('ann')).toEqual({ email: email.value, twoFactorRequired: false, verifiedAt });
      await accounts.remove('ann', email);
      expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
    });

    test('deleting a user leaves nothing behind, and frees the contact', async () => {
      const accounts = (await opening())({ uniqueContacts: true });
      await accounts.contactVerified('ann', phone);
      await accounts.setTwoFactorRequired('ann', true);
      await accounts.delete('ann');
      await accounts.delete('nobody');
      expect(await accounts.contacts('ann')).toEqual({ twoFactorRequired: false });
      await accounts.contactVerified('bob', phone);
      expect((await accounts.contacts('bob')).phone).toBe(phone.value);
    });

    test('two users may share a contact by default', async () => {
      const accounts = (await opening())();
      await accounts.contactVerified('ann', phone);
      await accounts.contactVerified('bob', phone);
      expect((await accounts.contacts('bob')).phone).toBe(phone.value);
    });

    test('with unique contacts the second user is refused and keeps the contact they had', async () => {
      const accounts = (await opening())({ uniqueContacts: true });
      await accounts.contactVerified('ann', phone);
      await accounts.contactVerified('bob', otherPhone);
      await expect(accounts.contactVerified('bob', phone)).rejects.toBeInstanceOf(ContactInUseError);
      expect((await accounts.contacts('ann')).phone).toBe(phone.value);
      expect((await accounts.contacts('bob')).phone).toBe(otherPhone.value);
    });

    test('an address in another case is the same contact', async () => {
      const accounts = (await opening())({ uniqueContacts: true });
      await accounts.contactVerified('ann', email);
      const shouted = { ...email, value: 'ANN@example.com' };
      await expect(accounts.contactVerified('bob', shouted)).rejects.toBeInstanceOf(ContactInUseError);
      await accounts.contactVerified('ann', shouted);
      expect((await accounts.contacts('ann')).email).toBe('ANN@example.com');
      await accounts.remove('ann', email);
      expect((await accounts.contacts('ann')).email).toBeUndefined();
    });

    test('twenty concurrent proofs of one number for two users leave exactly one owner', async () => {
      const again = await opening();
      const stores = [1, 2, 3].map(() => again({ uniqueContacts: true }));
      const ids = Array.from({ length: 20 }, (_, index) => (index % 2 ? 'ann' : 'bob'));
      const answers = await Promise.allSettled(
        ids.map(async (id, index) => stores[index % 3]?.contactVerified(id, phone)),
      );
      const owners = new Set(ids.filter((_, index) => answers[index]?.status === 'fulfilled'));
      expect(owners.size).toBe(1);
      for (const answer of answers.filter((one) => one.status === 'rejected')) {
        expect(answer.reason).toBeInstanceOf(ContactInUseError);
      }
      expect(answers.filter((one) => one.status === 'fulfilled')).toHaveLength(10);
      const [store = again()] = stores;
      const contacts = await Promise.all(['ann', 'bob'].map((id) => store.contacts(id)));
      expect(contacts.filter((known) => known.phone === phone.value)).toHaveLength(1);
    });

    test('a user who sends one proof ten times at once never reads that somebody else has the contact', async () => {
      const again = await opening();
      const stores = [1, 2, 3].map(() => again({ uniqueContacts: true }));
      await Promise.all(stores.map((store) => store.contacts('ann')));
      for (let round = 0; round < 40; round += 1) {
        const contact = { type: 'phone', value: `+1415555${2000 + round}` } as const;
        const id = `user ${round}`;
        await Promise.all(Array.from({ length: 10 }, async (_, n) => stores[n % 3]?.contactVerified(id, contact)));
        const known = await Promise.all(stores.map((store) => store.contacts(id)));
        expect(known.some(({ phone: stored }) => stored === contact.value)).toBe(true);
      }
    });

    test('a user id is never read as SQL', async () => {
      const accounts = (await opening())();
      const id = `'; drop table verify_contact_contacts; -- "\\ \u{1f600} __proto__`;
      await accounts.contactVerified(id, phone);
      expect((await accounts.contacts(id)).phone).toBe(phone.value);
      expect(await accounts.contacts('__proto__')).toEqual({ twoFactorRequired: false });
    });

    test.skipIf(name === 'memory')(
      'verified contacts survive a restart, and running the migrations again changes nothing',
      async () => {
        const again = await opening();
        const before = again({ uniqueContacts: true });
        await before.contactVerified('ann', phone);
        await before.close();
        const after = again();
        expect((await after.contacts('ann')).phone).toBe(phone.value);
        // The constraint belongs to the database, so it also holds for accounts opened without the option.
        await expect(after.contactVerified('bob', phone)).rejects.toBeInstanceOf(ContactInUseError);
      },
    );

    test.skipIf(name === 'memory')('unique contacts cannot be switched on while two users share one', async () => {
      const again = await opening();
      const shared = again();
      await shared.contactVerified('ann', phone);
      await shared.contactVerified('bob', phone);
      const strict = again({ uniqueContacts: true });
      const error = await strict.contacts('ann').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(AccountsError);
      expect(String(error)).toContain('uniqueContacts');
      expect(String(error)).not.toContain(phone.value);
      await shared.remove('bob', phone);
      expect((await strict.contacts('ann')).phone).toBe(phone.value);
    });

    test.skipIf(name === 'memory')('six processes that start at once on an empty database all start', async () => {
      const again = await opening();
      const stores = Array.from({ length: 6 }, () => again({ uniqueContacts: true }));
      const known = await Promise.all(stores.map((store) => store.contacts('ann')));
      expect(known).toEqual(stores.map(() => ({ twoFactorRequired: false })));
    });
  });
}
