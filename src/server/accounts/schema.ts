/** The tables of the shipped accounts, one schema for SQLite and PostgreSQL, and the statements both run. No driver in here. */
import type { Contact } from '../../protocol/schemas.js';
import type { VerifiedContacts } from './accounts.js';

/** What all shipped accounts can be told. */
export interface AccountOptions {
  /**
   * Default false. A contact verified by one user is then refused to every other (`contact-in-use`), by a unique index in
   * the database. Once made, the index stays, also for processes that lack the option: drop it by hand
   * (`drop index verify_contact_one_person`). It cannot be made while two users share a contact.
   */
  uniqueContacts?: boolean;
}

/** The name of the unique index behind `uniqueContacts`. */
export const uniqueOwnerIndex = 'verify_contact_one_person';

/** Why the index cannot be made. */
export const sharedContactMessage = 'two users share a verified contact, so uniqueContacts cannot hold';

/**
 * The steps from an empty database to today's, in order; a step, once released, never changes. `owner` is the contact as
 * ownership compares it. One phone and one address a user: the next verified one replaces it.
 */
export const migrations: readonly string[] = [
  `create table verify_contact_users (
     id text primary key,
     two_factor_required boolean not null
   )`,
  `create table verify_contact_contacts (
     user_id text not null,
     type text not null check (type in ('phone', 'email')),
     value text not null,
     owner text not null,
     verified_at text not null default current_timestamp,
     primary key (user_id, type)
   )`,
];

/** Statements with `$1`-style parameters; both databases read those. */
export const statements = {
  versions: `create table if not exists verify_contact_migrations (version integer primary key)`,
  version: `select coalesce(max(version), 0) as version from verify_contact_migrations`,
  migrated: `insert into verify_contact_migrations (version) values ($1)`,
  onePerson: `create unique index if not exists ${uniqueOwnerIndex} on verify_contact_contacts (type, owner)`,
  contacts: `select type, value from verify_contact_contacts where user_id = $1
     union all select 'two-factor', 'required' from verify_contact_users where id = $1 and two_factor_required`,
  verified: `insert into verify_contact_contacts (user_id, type, value, owner) values ($1, $2, $3, $4)
     on conflict (user_id, type) do update set value = excluded.value, owner = excluded.owner, verified_at = excluded.verified_at`,
  requireTwoFactor: `insert into verify_contact_users (id, two_factor_required) values ($1, $2)
     on conflict (id) do update set two_factor_required = excluded.two_factor_required`,
  remove: `delete from verify_contact_contacts where user_id = $1 and type = $2 and owner = $3`,
  deleteContacts: `delete from verify_contact_contacts where user_id = $1`,
  deleteUser: `delete from verify_contact_users where id = $1`,
} as const;

/** Who has `Ann@example.com` has `ann@example.com` too. Tags and dots stay: people use them for separate accounts on purpose. */
export function ownershipForm(contact: Contact): string {
  return contact.type === 'phone' ? contact.value : contact.value.toLowerCase();
}

/** The rows of `statements.contacts` as what they mean. */
export function fromRows(rows: readonly unknown[]): VerifiedContacts {
  const known: VerifiedContacts = { twoFactorRequired: false };
  for (const { type, value } of rows as readonly { type: string; value: string }[]) {
    if (type === 'phone' || type === 'email') known[type] = value;
    else known.twoFactorRequired = true;
  }
  return known;
}
