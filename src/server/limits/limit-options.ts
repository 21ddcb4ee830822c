/** The options of the limits, with the default and the reason of each number, and the check of what a host sets. */

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
    /** Codes to one number or address in a day. Default 10: more is harassment, or a number that earns money by receiving. */
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
     * Set it to `false` if something in front of this server limits requests by address.
     */
    address?: Quota | false;
    /** Different destinations in a day from one address, where nobody is signed in. Default 40. */
    addressDestinations?: number | false;
    /**
     * Codes to one block of numbers: the first seven digits after the plus, which are 1,000 to 1,000,000 numbers, depending on
     * the country. Default 20 an hour, 50 a day: SMS pumping uses consecutive numbers, people are spread over thousands of blocks.
     */
    prefix?: Quota | false;
    /** Codes to the numbers of one country. Default 400 an hour, 4,000 a day. Raise it for a large home market, and set `countries`. */
    country?: Quota | false;
    /** All codes together: the upper bound of your costs, at 0.05 USD a code 30 dollars an hour and 250 a day. Default 600 an hour, 5,000 a day. */
    total?: Quota;
  };
  /** How many wrong codes are allowed. */
  checks?: {
    /** Wrong codes in one verification. Default and maximum 5, which is Twilio's own limit. */
    verification?: number;
    /**
     * Wrong codes for one destination in 24 hours, over all challenges, channels and instances. Default and maximum 10: the
     * chance to guess a six-digit code is then at most 10⁻⁵ a day (NIST SP 800-63B-4 §3.1.3.2).
     */
    destination?: number;
    /** Wrong codes of one signed-in user in 24 hours. Default and maximum 10. */
    subject?: number;
    /** Wrong codes from one address in 24 hours, where nobody is signed in. Default 10; a school behind one address may need more. */
    address?: number;
    /**
     * Seconds to the next try after the first, second, … wrong code; the last value repeats. Default 0, 0, 30, 60, 120, 300,
     * 900: a person who mistypes does not notice, and until the day's last try no wait is long.
     */
    backoff?: readonly number[];
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
    prefix: { perHour: 20, perDay: 50 } as Quota | false,
    country: { perHour: 400, perDay: 4000 } as Quota | false,
    total: { perHour: 600, perDay: 5000 } as Quota,
  },
  checks: {
    verification: 5,
    destination: 10,
    subject: 10,
    address: 10,
    backoff: [0, 0, 30, 60, 120, 300, 900] as readonly number[],
  },
};

/** The options with the defaults filled in. */
type ResolvedLimits = typeof defaults;

/** The maxima of the limits that bound guesses. The other limits bound costs, which are the host's decision. */
const maxima = { verification: 5, destination: 10, subject: 10 };

/** The limits that may be `false`. Without one of the others, guesses, messages to one person or costs would be unbounded. */
const canBeDisabled = ['subject', 'subjectDestinations', 'address', 'addressDestinations', 'prefix', 'country'].map(
  (name) => `limits.sends.${name}`,
);

/** Fills in the defaults. Throws a `RangeError` for an unknown limit, a value of the wrong type, or one above its maximum. */
export function resolveLimits(options: LimitOptions = {}): ResolvedLimits {
  checkedEntries('limits', options, Object.keys(defaults));
  const resolved: ResolvedLimits = {
    sends: { ...defaults.sends, ...checkedGroup('limits.sends', options.sends, defaults.sends) },
    checks: { ...defaults.checks, ...checkedGroup('limits.checks', options.checks, defaults.checks) },
  };
  for (const [name, maximum] of Object.entries(maxima))
    if (resolved.checks[name as keyof typeof maxima] > maximum)
      throw new RangeError(`limits.checks.${name} must be at most ${maximum}.`);
  if (!resolved.sends.total.perDay && !resolved.sends.total.perHour)
    throw new RangeError('limits.sends.total needs perHour or perDay, above 0.');
  return resolved;
}

/** The options of one group, each checked to have the type of its default. */
function checkedGroup<T extends object>(group: string, options: object = {}, groupDefaults: T): Partial<T> {
  const entries = checkedEntries(group, options, Object.keys(groupDefaults));
  for (const [name, value] of entries) checkValue(`${group}.${name}`, value, groupDefaults[name as keyof T]);
  return Object.fromEntries(entries) as Partial<T>;
}

/** The entries that are set. Throws for an unknown name: the default would silently apply in place of a misspelt limit. */
function checkedEntries(path: string, options: unknown, known: readonly string[]): [string, unknown][] {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new RangeError(`${path} must be an object with ${known.join(', ')}.`);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`${path}.${unknown} is not a limit. Use ${known.join(', ')}.`);
  return Object.entries(options).filter(([, value]) => value !== undefined);
}

function checkValue(path: string, value: unknown, defaultValue: unknown): void {
  if (value === false && canBeDisabled.includes(path)) return;
  if (!numbersOf(path, value, defaultValue).every((one) => Number.isSafeInteger(one) && (one as number) >= 0))
    throw new RangeError(`${path} takes only whole numbers, 0 or more.`);
}

function numbersOf(path: string, value: unknown, defaultValue: unknown): unknown[] {
  if (typeof defaultValue === 'number') return [value];
  if (!Array.isArray(defaultValue)) return checkedEntries(path, value, ['perHour', 'perDay']).map(([, one]) => one);
  if (!Array.isArray(value)) throw new RangeError(`${path} must be a list of seconds.`);
  return value;
}
