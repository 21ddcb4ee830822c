/** Test contacts: nothing is sent to them, and a fixed code works until a date, for reviewers and for tests in production. */
import type { Contact } from '../../protocol/schemas.js';

/** A contact that gets no message, and its code. */
export interface TestContact {
  /** A number in E.164 of a range for fiction, or an address of a reserved domain (RFC 2606). */
  contact: string;
  /** As many digits as your services' codes have, and six or more. */
  code: string;
  /** The last day in UTC (`2027-01-31`), or the time of the end (`2027-01-31T18:00:00Z`), in 90 days at most. */
  until: string;
  /**
   * Whether the accounts learn of it. Several users may then have it, also with `uniqueContacts`. Default false.
   */
  record?: boolean;
  /** Says that a contact of no such range or domain is yours. Whoever has the code can claim it. Default false. */
  owned?: boolean;
}

/** The entries that have not ended. */
export interface TestContacts {
  /** The entry of exactly this contact. */
  find(contact: Pick<Contact, 'value'>): TestContact | undefined;
  isOn(): boolean;
}

/** Makes the list. It reads the clock at each call, since an entry ends while the server runs. */
export function createTestContacts(
  entries: readonly TestContact[],
  endOf: (until: string) => number,
  now: () => number,
): TestContacts {
  const byContact = new Map(entries.map((entry) => [entry.contact, { entry, end: endOf(entry.until) }]));
  const ends = [...byContact.values()].map(({ end }) => end);
  return {
    find({ value }) {
      const found = byContact.get(value);
      return found && found.end >= now() ? found.entry : undefined;
    },
    isOn: () => ends.some((end) => end >= now()),
  };
}
