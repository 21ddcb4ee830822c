/** The tables and statements of the shipped accounts, the same for SQLite and PostgreSQL. No driver. */
import type { Contact } from '../../protocol/schemas.js';
import type { StoredFactor, VerifiedContacts } from './accounts.js';

/** The options that all shipped accounts take. */
export interface AccountOptions {
  /**
   * Whether each contact belongs to one user only: a second user who verifies it gets `contact-in-use`. Default false.
   * A unique index in the database enforces it. The index stays when you remove the option, and applies to every process;
   * to lift the rule, run `drop index verify_contact_unique_owner`. The index cannot be built while two users share a contact.
   */
  uniqueContacts?: boolean;
}

/** The name of the unique index behind `uniqueContacts`. */
export const uniqueOwnerIndex = 'verify_contact_unique_owner';

/** Why the index cannot be built. */
export const sharedContactMessage =
  'uniqueContacts is on, but two users share a verified contact: remove it from one of them';

/** How each database writes the time of `verified_at` as ISO 8601 in UTC. What the column's default wrote differs between them. */
const isoTime = {
  sqlite: `strftime('%Y-%m-%dT%H:%M:%fZ', verified_at)`,
  postgres: `to_char(verified_at::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
} as const;

/**
 * The steps from an empty database to the current schema. A released step never changes. The column `owner` has the
 * {@link ownershipForm} of the contact. The primary key gives a user one phone and one address: a newly verified one replaces it.
 */
export const migrations = (database: keyof typeof isoTime): readonly string[] => [
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
  // Only what the default wrote in the usual order of a date: anything else would be guessed.
  `update verify_contact_contacts set verified_at = ${isoTime[database]} where verified_at like '____-__-__ __:__:__%'`,
  `alter table verify_contact_users add column factor_identity text;
   create table verify_contact_factors (
     user_id text not null,
     id text not null,
     type text not null check (type in ('totp', 'passkey')),
     name text not null,
     reference text not null,
     added_at text not null,
     last_used_at text,
     primary key (user_id, id)
   )`,
];

/** Statements with `$1`-style parameters, which both databases accept. SQLite numbers them as they come. */
export const statements = {
  createVersionTable: `create table if not exists verify_contact_migrations (version integer primary key)`,
  selectVersion: `select coalesce(max(version), 0) as version from verify_contact_migrations`,
  insertVersion: `insert into verify_contact_migrations (version) values ($1)`,
  createUniqueOwnerIndex: `create unique index if not exists ${uniqueOwnerIndex} on verify_contact_contacts (type, owner)`,
  contacts: `select type, value, verified_at from verify_contact_contacts where user_id = $1
     union all select 'two-factor', 'required', '' from verify_contact_users where id = $1 and two_factor_required`,
  contactVerified: `insert into verify_contact_contacts (user_id, type, value, owner, verified_at) values ($1, $2, $3, $4, $5)
     on conflict (user_id, type) do update set value = excluded.value, owner = excluded.owner, verified_at = excluded.verified_at`,
  setTwoFactorRequired: `insert into verify_contact_users (id, two_factor_required) values ($1, $2)
     on conflict (id) do update set two_factor_required = excluded.two_factor_required`,
  remove: `delete from verify_contact_contacts where user_id = $1 and type = $2 and owner in ($3, $4)`,
  factors: `select id, type, name, reference, added_at, last_used_at from verify_contact_factors
     where user_id = $1 order by added_at, id`,
  selectFactorIdentity: `select factor_identity from verify_contact_users where id = $1`,
  proposeFactorIdentity: `insert into verify_contact_users (id, two_factor_required, factor_identity) values ($1, false, $2)
     on conflict (id) do update set factor_identity = coalesce(verify_contact_users.factor_identity, excluded.factor_identity)
     returning factor_identity`,
  addFactor: `insert into verify_contact_factors (user_id, id, type, name, reference, added_at, last_used_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (user_id, id) do nothing`,
  renameFactor: `update verify_contact_factors set name = $1 where user_id = $2 and id = $3 returning id`,
  removeFactor: `delete from verify_contact_factors where user_id = $1 and id = $2 returning id`,
  factorUsed: `update verify_contact_factors set last_used_at = $1
     where user_id = $2 and id = $3 and (last_used_at is null or last_used_at < $1)`,
  deleteFactors: `delete from verify_contact_factors where user_id = $1`,
  deleteContacts: `delete from verify_contact_contacts where user_id = $1`,
  deleteUser: `delete from verify_contact_users where id = $1`,
} as const;

/**
 * The contact in the form that ownership compares: `Ann@example.com` and `ann@example.com` are one address.
 * Tags and dots count, because people use them to keep separate accounts.
 */
export function ownershipForm(contact: Contact): string {
  return contact.type === 'phone' ? contact.value : contact.value.toLowerCase();
}

/**
 * What the column `owner` has for a test contact: it differs for each user, so that the unique index lets several have it, and is
 * no contact.
 */
const testOwner = (userId: string, contact: Contact): string => `test ${ownershipForm(contact)} ${userId}`;

/** The values of `statements.remove`. */
export function removeValues(userId: string, contact: Contact): string[] {
  return [userId, contact.type, ownershipForm(contact), testOwner(userId, contact)];
}

/** Reads the rows of `statements.contacts`. */
export function fromRows(rows: readonly unknown[]): VerifiedContacts {
  const contacts: VerifiedContacts = { twoFactorRequired: false };
  for (const { type, value, verified_at: time } of rows as readonly Record<
    'type' | 'value' | 'verified_at',
    string
  >[]) {
    if (type === 'phone' || type === 'email') {
      contacts[type] = value;
      // An older version that runs beside this one leaves the time to the column's default.
      if (/^\d{4}-\d\d-\d\dT.*Z$/.test(time)) (contacts.verifiedAt ??= {})[type] = Date.parse(time);
    } else contacts.twoFactorRequired = true;
  }
  return contacts;
}

/** The values of `statements.contactVerified`. */
export function verifiedValues(
  userId: string,
  contact: Contact,
  verifiedAt = Date.now(),
  { test = false }: { test?: boolean } = {},
): string[] {
  const owner = test ? testOwner(userId, contact) : ownershipForm(contact);
  return [userId, contact.type, contact.value, owner, isoText(verifiedAt)];
}

/** Reads the rows of `statements.factors`. */
export function factorsFromRows(rows: readonly unknown[]): StoredFactor[] {
  type Row = Pick<StoredFactor, 'id' | 'type' | 'name' | 'reference'> & {
    added_at: string;
    last_used_at: string | null;
  };
  return (rows as readonly Row[]).map(({ id, type, name, reference, added_at: added, last_used_at: used }) => ({
    ...{ id, type, name, reference, addedAt: Date.parse(added) },
    ...(used === null ? {} : { lastUsedAt: Date.parse(used) }),
  }));
}

/** The values of `statements.addFactor`. */
export function factorValues(userId: string, factor: StoredFactor): (string | null)[] {
  const { id, type, name, reference, addedAt, lastUsedAt } = factor;
  return [userId, id, type, name, reference, isoText(addedAt), lastUsedAt === undefined ? null : isoText(lastUsedAt)];
}

/** A time in the one form of its columns, whose order as text is that of time. */
export const isoText = (time: number): string => new Date(time).toISOString();
