/** A database that an earlier version made, opened by this one: every contact is there, and since when it is verified. */
import Libsql from 'libsql';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ContactInUseError, type AccountStore } from '../../../../src/server/accounts/accounts.js';
import { postgresAccounts } from '../../../../src/server/accounts/postgres.js';
import { sqliteAccounts } from '../../../../src/server/accounts/sqlite.js';
import { sql, startPostgres } from '../../../support/postgres.js';

/** What the first version ran on an empty database with `uniqueContacts`, word for word. */
const tables = `
  create table if not exists verify_contact_migrations (version integer primary key);
  create table verify_contact_users (
     id text primary key,
     two_factor_required boolean not null
   );
  insert into verify_contact_migrations (version) values (1);
  create table verify_contact_contacts (
     user_id text not null,
     type text not null check (type in ('phone', 'email')),
     value text not null,
     owner text not null,
     verified_at text not null default current_timestamp,
     primary key (user_id, type)
   );
  insert into verify_contact_migrations (version) values (2);
  create unique index if not exists verify_contact_unique_owner on verify_contact_contacts (type, owner);`;

/** What the version that keeps times added, for SQLite or PostgreSQL: on an empty database its third step changed nothing. */
const tablesWithTimes = `${tables}
  insert into verify_contact_migrations (version) values (3);`;

/** What it ran for a user whose contact was verified at a time. */
const verifiedAt = (user: string, type: string, value: string, time: string) =>
  `insert into verify_contact_contacts (user_id, type, value, owner, verified_at) values ('${user}', '${type}', '${value}', '${value.toLowerCase()}', '${time}')
     on conflict (user_id, type) do update set value = excluded.value, owner = excluded.owner, verified_at = excluded.verified_at;`;

/** What the first version ran for a user who has verified a contact. It left the time to the default of the column. */
const verified = (user: string, type: string, value: string) =>
  `insert into verify_contact_contacts (user_id, type, value, owner) values ('${user}', '${type}', '${value}', '${value.toLowerCase()}')
     on conflict (user_id, type) do update set value = excluded.value, owner = excluded.owner, verified_at = excluded.verified_at;`;
const required = (user: string) =>
  `insert into verify_contact_users (id, two_factor_required) values ('${user}', true)
     on conflict (id) do update set two_factor_required = excluded.two_factor_required;`;

/** The same rows at a time of their own, as either database writes it. */
const at = (time: string) => `update verify_contact_contacts set verified_at = '${time}' where user_id = 'old';`;

const phone = '+14155552671';
const email = 'Ann@example.com';
const rows = [verified('ann', 'phone', phone), verified('ann', 'email', email), required('ann')].join('\n');

const app = { id: 'a', type: 'totp', name: 'Phone', reference: `YF${'1'.repeat(32)}`, addedAt: 7 } as const;

const folder = await mkdtemp(join(tmpdir(), 'verify-contact-migration-'));
const postgres = await startPostgres();
const opened: AccountStore[] = [];
let serial = 0;

function closedAfterwards(accounts: AccountStore): AccountStore {
  opened.push(accounts);
  return accounts;
}

afterAll(async () => {
  await Promise.all(opened.map((accounts) => accounts.close()));
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the statements on an empty database, and returns what runs more of them and what opens accounts there. */
type Make = (statements: string) => Promise<{ more(statements: string): Promise<void>; open(): AccountStore }>;

const databases: Record<string, { make: Make; times: [stored: string, time: number][] }> = {
  SQLite: {
    async make(statements) {
      const file = join(folder, `${(serial += 1)}.db`);
      const more = (text: string) => {
        const db = new Libsql(file);
        db.exec(text);
        return Promise.resolve(void db.close());
      };
      await more(statements);
      return { more, open: () => closedAfterwards(sqliteAccounts({ file, uniqueContacts: true })) };
    },
    times: [['2026-03-29 01:30:00', Date.UTC(2026, 2, 29, 1, 30)]],
  },
  PostgreSQL: {
    async make(statements) {
      const url = (await postgres?.empty()) ?? '';
      await sql(url, statements);
      return {
        more: (text) => sql(url, text),
        open: () => closedAfterwards(postgresAccounts({ url, uniqueContacts: true })),
      };
    },
    times: [
      ['2026-03-29 01:30:00.123456+00', Date.UTC(2026, 2, 29, 1, 30, 0, 123)],
      ['2026-03-29 07:00:00+05:30', Date.UTC(2026, 2, 29, 1, 30)],
      ['2026-03-28 16:30:00.5-09', Date.UTC(2026, 2, 29, 1, 30, 0, 500)],
    ],
  },
};

for (const [name, { make, times }] of Object.entries(databases)) {
  describe.skipIf(name === 'PostgreSQL' && !postgres)(`a database of the version before, in ${name}`, () => {
    test('keeps every contact, and says since when it is verified', async () => {
      const before = Math.floor(Date.now() / 1000) * 1000;
      const { open } = await make(tables + rows);
      const accounts = open();
      const { verifiedAt, ...contacts } = await accounts.contacts('ann');
      expect(contacts).toEqual({ phone, email, twoFactorRequired: true });
      for (const time of [verifiedAt?.phone, verifiedAt?.email]) {
        expect(time).toBeGreaterThanOrEqual(before);
        expect(time).toBeLessThanOrEqual(Date.now());
      }
      expect(await accounts.contacts('bob')).toEqual({ twoFactorRequired: false });
      const taken = accounts.contactVerified('bob', { type: 'phone', value: phone });
      await expect(taken).rejects.toBeInstanceOf(ContactInUseError);
    });

    test.each(times)('reads the time %s as what it is', async (stored, time) => {
      const { open } = await make(tables + verified('old', 'phone', phone) + at(stored));
      const accounts = open();
      expect((await accounts.contacts('old')).verifiedAt).toEqual({ phone: time });
    });

    test('leaves a time out that it cannot read, and the contact stays', async () => {
      const { open } = await make(tables + verified('old', 'phone', phone) + at('28.03.2026 01:30:00 CET'));
      const accounts = open();
      expect(await accounts.contacts('old')).toEqual({ phone, twoFactorRequired: false });
      await accounts.contactVerified('old', { type: 'phone', value: phone }, 7);
      expect((await accounts.contacts('old')).verifiedAt).toEqual({ phone: 7 });
    });

    test('is opened by six processes at once, and a second start changes nothing', async () => {
      const { open } = await make(tables + rows);
      const known = await Promise.all(Array.from({ length: 6 }, open).map((accounts) => accounts.contacts('ann')));
      expect(new Set(known.map((one) => JSON.stringify(one))).size).toBe(1);
      expect(await open().contacts('ann')).toEqual(known[0]);
    });

    test('still serves an instance of the version before, which runs beside this one', async () => {
      const { open, more } = await make(tables + rows);
      const accounts = open();
      await accounts.contactVerified('ann', { type: 'phone', value: phone }, 7);
      await more(verified('ann', 'phone', '+447911123456') + verified('bob', 'email', 'bob@example.com'));
      // The new number has not the old one's time.
      const { phone: replaced, verifiedAt } = await accounts.contacts('ann');
      expect([replaced, verifiedAt?.phone]).toEqual(['+447911123456', undefined]);
      expect(await accounts.contacts('bob')).toEqual({ email: 'bob@example.com', twoFactorRequired: false });
    });

    test('keeps all of a version that knew times, and gets room for factors', async () => {
      const { open, more } = await make(
        tablesWithTimes + verifiedAt('ann', 'phone', phone, new Date(7).toISOString()) + required('ann'),
      );
      const all = await Promise.all(Array.from({ length: 6 }, open).map((accounts) => accounts.contacts('ann')));
      expect(all).toEqual(all.map(() => ({ phone, twoFactorRequired: true, verifiedAt: { phone: 7 } })));
      const accounts = open();
      expect([await accounts.factors.list('ann'), await accounts.factors.identity('ann')]).toEqual([[], null]);
      await accounts.factors.add('ann', app);
      await accounts.factors.identity('ann', 'identity-of-ann');
      // An instance of that version, which still runs, writes what it knows of.
      await more(
        verifiedAt('ann', 'phone', '+447911123456', new Date(8).toISOString()) + required('ann') + required('bob'),
      );
      expect(await accounts.contacts('ann')).toMatchObject({ phone: '+447911123456', verifiedAt: { phone: 8 } });
      expect([await accounts.factors.list('ann'), await accounts.factors.identity('ann')]).toEqual([
        [app],
        'identity-of-ann',
      ]);
      expect(await accounts.contacts('bob')).toEqual({ twoFactorRequired: true });
    });
  });
}
