/** Who and what a request is limited by, and one counter of it with the limit that it belongs to. Types only. */
import type { Contact, Purpose } from '../../protocol/schemas.js';
import type { Counter } from '../store/store.js';

/** What a request is limited by. The keys of its counters are made from it. */
export interface LimitSubject {
  purpose: Purpose;
  /** The signed-in user. If null, the limits of the address apply instead. */
  subject: string | null;
  /** The normalized client address, IPv6 as its /64. All requests with null share one set of counters. */
  address: string | null;
  contact: Contact;
  /** ISO 3166-1 alpha-2, of a phone number. */
  country?: string | undefined;
  /**
   * Set it for a code of eight digits. Wrong codes of this length have a budget of their own at the destination: 100 a day
   * with a service for such codes, and none without. The budget of the user stays ten.
   */
  longCode?: true;
  /** Set it for a test contact, which has codes of one length only. Everything is counted as for any other contact. */
  test?: true;
}

/** The limit that a counter belongs to, by its name in the options. */
export type LimitName =
  | 'verification'
  | 'destination'
  | 'subject'
  | 'subjectDestinations'
  | 'address'
  | 'addressDestinations'
  | 'tries'
  | 'network'
  | 'prefix'
  | 'country'
  | 'mailDomain'
  | 'contactType'
  | 'total';

/** A counter with its limit. `countsTries`: it is not refunded once a request has reached Twilio, whatever Twilio answers. */
export interface LimitCounter {
  limit: LimitName;
  counter: Counter;
  countsTries: boolean;
}
