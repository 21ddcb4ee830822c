/** The options of the limits, with the default and the reason of each number. options/limits.ts says what each takes. */
import type { Channel, Contact } from '../../protocol/schemas.js';
import { checkOptions } from '../options/check-options.js';
import { limitOptions } from '../options/limits.js';

/** How many of one thing in an hour, in a day, or both. */
export interface Quota {
  /** In any 60 minutes. */
  perHour?: number;
  /** In any 24 hours. */
  perDay?: number;
}

/**
 * The limits of sends and checks. The defaults are safe for a site with a few thousand sign-ups a day. Each purpose has its
 * own counters: requests on a public sign-up page neither lock anybody out of signing in nor use up the codes for it.
 * A day is any 24 hours. `false` switches a limit off; the others still apply.
 */
export interface LimitOptions {
  /** How many codes are sent. */
  sends?: {
    /**
     * Codes to one number or address in a day. Default 10: more is harassment, or a number that earns money by receiving.
     * Two-factor counts them by user and destination, and three times as many by destination.
     */
    destination?: number;
    /**
     * Seconds from one code to the next to the same destination; the last value repeats. Default 30, 40, 60, 90, 120, 260
     * (https://www.twilio.com/en-us/blog/best-practices-retry-logic-sms-2fa). SMS and calls to one number share them.
     */
    backoff?: readonly number[];
    /** Codes for one signed-in user in a day. Default 20. */
    subject?: number | false;
    /** Different destinations of one signed-in user in a day. Default 5: a mistyped number and a second phone, but not a list. */
    subjectDestinations?: number | false;
    /**
     * Codes for one client address (IPv6: its /64). Default 20 an hour, 60 a day: an office behind one address can sign up,
     * and a single machine costs you at most three dollars a day. Where nobody is signed in, it stands in for `subject`.
     * All requests whose address is unknown share one quota.
     * Set it to `false` if something in front of this server does this.
     */
    address?: Quota | false;
    /** Different destinations in a day from one address, where nobody is signed in. Default 40. */
    addressDestinations?: number | false;
    /**
     * How often requests that Twilio refuses may use the quotas of `address` and `subject`. Default 3: 60 an hour and 180 a day
     * for an address, 60 a day for a user. Otherwise one visitor could test a list of numbers under your credentials.
     */
    tries?: number;
    /**
     * Codes for one network, of IPv4 a /24 and of IPv6 a /48. Default 200 an hour, 600 a day: one customer can have 65,536
     * addresses of IPv6, and a mobile carrier has thousands of people behind one /24. A right code gives its place back.
     * Set it to `false` if something in front of this server does this.
     */
    network?: Quota | false;
    /**
     * Codes to one block of numbers: the first seven digits after the plus, which are 1,000 to 1,000,000 numbers. Default 20 an
     * hour, 50 a day: SMS pumping uses consecutive numbers, people are spread over thousands of blocks.
     */
    prefix?: Quota | false;
    /** Codes to the numbers of one country. Default 360 an hour, 4,000 a day. Raise it for a large home market, and set `countries`. */
    country?: Quota | false;
    /**
     * Codes to the addresses of one mail domain and its subdomains. Default 100 an hour, 300 a day: whoever owns a domain has any
     * number of addresses in it. The large providers are exempt.
     */
    mailDomain?: Quota | false;
    /**
     * The share of `total` that each type of contact may use, above 0 and at most 1. Default 0.9 for phone numbers, 0.4 for
     * e-mail, so that a flood of one type leaves codes to the other. It does not apply if `channels` reaches one type only.
     */
    contactType?: { phone?: number; email?: number } | false;
    /** All codes together: the upper bound of your costs, at 0.05 USD a code 30 dollars an hour and 250 a day. Default 600 an hour, 5,000 a day. */
    total?: Quota;
  };
  /** How many wrong codes are allowed. */
  checks?: {
    /**
     * Wrong codes in one verification. Default and maximum 4: the next send then brings a new code. After a fifth, Twilio would
     * send none until the code expires.
     */
    verification?: number;
    /**
     * Wrong codes for one destination in 24 hours, over all challenges, channels and instances. Default and maximum 10: the
     * chance to guess a six-digit code is then at most 10⁻⁵ a day (NIST SP 800-63B-4 §3.1.3.2). Two-factor has three
     * times as many, since a guess there serves one account. With `twilio.longCodeService`, a contact has one fewer, and 100 of
     * eight digits.
     */
    destination?: number;
    /** Wrong codes of one signed-in user in 24 hours. Default and maximum 10. */
    subject?: number;
    /** Wrong codes from one address in 24 hours, where nobody is signed in. Default 10; a school behind one address may need more. */
    address?: number;
    /**
     * Seconds to the next try after the first, second, … wrong code of 24 hours, also of earlier codes; the last value repeats.
     * Default 0, 0, 30, 60, 120, 300, 900: a person who mistypes twice does not notice.
     */
    backoff?: readonly number[];
  };
  /** How often a page may ask whether a proof still holds. */
  proofs?: {
    /**
     * Questions from one client address (IPv6: its /64). Default 120 an hour, 600 a day: a page asks once for a proof that it
     * kept, and many people may share an address. All requests whose address is unknown share one quota.
     */
    address?: Quota;
  };
}

const defaults = {
  sends: {
    destination: 10,
    backoff: [30, 40, 60, 90, 120, 260] as readonly number[],
    subject: 20 as number | false,
    subjectDestinations: 5 as number | false,
    address: { perHour: 20, perDay: 60 } as Quota | false,
    addressDestinations: 40 as number | false,
    tries: 3,
    network: { perHour: 200, perDay: 600 } as Quota | false,
    prefix: { perHour: 20, perDay: 50 } as Quota | false,
    country: { perHour: 360, perDay: 4000 } as Quota | false,
    mailDomain: { perHour: 100, perDay: 300 } as Quota | false,
    contactType: { phone: 0.9, email: 0.4 } as Partial<Record<Contact['type'], number>> | false,
    total: { perHour: 600, perDay: 5000 } as Quota,
  },
  checks: {
    verification: 4,
    destination: 10,
    subject: 10,
    address: 10,
    backoff: [0, 0, 30, 60, 120, 300, 900] as readonly number[],
  },
  proofs: {
    address: { perHour: 120, perDay: 600 } as Quota,
  },
};

/** The options with the defaults filled in. */
export type ResolvedLimits = typeof defaults;

/**
 * Fills in the defaults. Throws a `TypeError` for an unknown limit, a value of the wrong type, or one above its maximum.
 * If all `channels` reach one type of contact, that type may use the whole of `total`.
 */
export function resolveLimits(options: LimitOptions = {}, channels?: readonly Channel[]): ResolvedLimits {
  const { sends, checks, proofs } = checkOptions('limits', limitOptions, options);
  const resolved = {
    sends: { ...defaults.sends, ...withoutUndefined(sends) },
    checks: { ...defaults.checks, ...withoutUndefined(checks) },
    proofs: { ...defaults.proofs, ...withoutUndefined(proofs) },
  };
  const { contactType } = resolved.sends;
  const isEmail = (channel: Channel): boolean => channel === 'email';
  if (channels && (channels.every(isEmail) || !channels.some(isEmail))) resolved.sends.contactType = false;
  else if (contactType)
    resolved.sends.contactType = { ...defaults.sends.contactType, ...withoutUndefined(contactType) };
  return resolved;
}

function withoutUndefined<T extends object>(options: T | undefined): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<{
    [K in keyof T]: NonNullable<T[K]>;
  }>;
}
