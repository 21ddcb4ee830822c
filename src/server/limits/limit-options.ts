/** How much is allowed: every number of the limits, with its default and its reason. No code but the check of the numbers. */

/** How many of one thing in an hour, in a day, or both. */
export interface Quota {
  perHour?: number;
  perDay?: number;
}

/**
 * Every number has a default that is safe for a site with a few thousand sign-ups a day. All of them hold for each purpose
 * separately: what happens on a public sign-up page neither locks anybody out of signing in nor uses up the codes for it.
 */
export interface LimitOptions {
  sends?: {
    /** Codes to one number or address in a day. Default 10: more is a person being pestered, or a number that earns by receiving. */
    destination?: number;
    /**
     * Seconds between one code and the next to the same destination; the last one repeats. Default 30, 40, 60, 90, 120, 260
     * (https://www.twilio.com/en-us/blog/best-practices-retry-logic-sms-2fa). SMS and call to one number share them.
     */
    backoff?: readonly number[];
    /** Codes that one signed-in user may ask for in a day. Default 20. False: only the other dimensions count. */
    subject?: number | false;
    /** Different destinations that one signed-in user may try in a day. Default 5: a mistyped number and a second phone, not a list. */
    subjectDestinations?: number | false;
    /**
     * One client address (IPv6: its /64). Default 20 an hour, 60 a day: an office behind one address can sign up, a single
     * machine costs three dollars a day. Where nobody is signed in this stands for the subject, too. All whose address is
     * unknown share one such allowance. False where something in front of this server limits by address.
     */
    address?: Quota | false;
    /** Different destinations in a day from one address where nobody is signed in. Default 40. */
    addressDestinations?: number | false;
    /**
     * One block of numbers: the first seven digits after the plus, 1,000 to 1,000,000 neighbours by country. Default 20 an hour,
     * 50 a day: pumped traffic comes from consecutive numbers of one range, real people are spread over thousands of ranges.
     */
    prefix?: Quota | false;
    /** One country's numbers. Default 400 an hour, 4,000 a day. Raise it for a large home market, and name `countries`. */
    country?: Quota | false;
    /** All codes together: the owner's last line, at 0.05 USD 30 dollars an hour and 250 a day. Default 600 an hour, 5,000 a day. */
    total?: Quota;
  };
  checks?: {
    /** Wrong codes in one verification; Twilio allows five, and more makes no sense. Default 5. */
    verification?: number;
    /** Seconds that a verification lives at Twilio. Default 600. */
    verificationLife?: number;
    /**
     * Wrong codes for one destination in 24 hours, over all challenges, channels and instances. Default and most 10: a code of
     * six digits is then guessed with p ≤ 10⁻⁵ a day (NIST SP 800-63B-4 §3.1.3.2).
     */
    destination?: number;
    /** Wrong codes of one signed-in user in 24 hours. Default and most 10. */
    subject?: number;
    /** Wrong codes from one address in 24 hours where nobody is signed in. Default 10; a school behind one address may need more. */
    address?: number;
    /**
     * Seconds before the next try after the first, second, … wrong code; the last one repeats. Default none for the first two,
     * then 30, 60, 120, 300, 900: nobody who mistypes notices, and no lock lasts long before the day's last one.
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
    verificationLife: 600,
    destination: 10,
    subject: 10,
    address: 10,
    backoff: [0, 0, 30, 60, 120, 300, 900] as readonly number[],
  },
};

/** The options with every number filled in. */
export type ResolvedLimits = typeof defaults;

/** The most that a host may raise these to; what they bound is a guess, not a cost. */
const maxima = { verification: 5, destination: 10, subject: 10 };

/** False is for these only: without another there would be no bound to guesses, to one person's messages or to the costs. */
const canBeDisabled = ['subject', 'subjectDestinations', 'address', 'addressDestinations', 'prefix', 'country'].map(
  (name) => `limits.sends.${name}`,
);

/** Fills in the defaults; a RangeError names a limit that there is not, a value of another kind, or one that opens a door. */
export function resolveLimits(options: LimitOptions = {}): ResolvedLimits {
  checkedEntries('limits', options, Object.keys(defaults));
  const numbers: ResolvedLimits = {
    sends: { ...defaults.sends, ...checkedGroup('limits.sends', options.sends, defaults.sends) },
    checks: { ...defaults.checks, ...checkedGroup('limits.checks', options.checks, defaults.checks) },
  };
  for (const [name, top] of Object.entries(maxima))
    if (numbers.checks[name as keyof typeof maxima] > top)
      throw new RangeError(`limits.checks.${name} is ${top} at most.`);
  if (!numbers.sends.total.perDay && !numbers.sends.total.perHour)
    throw new RangeError('limits.sends.total needs a number.');
  return numbers;
}

/** The options of one group, each of the kind that its default is of: of another it would limit nothing, or let nobody pass. */
function checkedGroup<T extends object>(where: string, options: object = {}, usual: T): Partial<T> {
  const entries = checkedEntries(where, options, Object.keys(usual));
  for (const [name, value] of entries) refuseUnlessLike(usual[name as keyof T], `${where}.${name}`, value);
  return Object.fromEntries(entries) as Partial<T>;
}

/** What is there, by name; undefined means the default. A misspelt limit would otherwise be a default that is not what was meant. */
function checkedEntries(where: string, options: unknown, known: readonly string[]): [string, unknown][] {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new RangeError(`${where} takes ${known.join(', ')}.`);
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`${where}.${unknown} is no limit.`);
  return Object.entries(options).filter(([, value]) => value !== undefined);
}

function refuseUnlessLike(usual: unknown, name: string, value: unknown): void {
  if (value === false && canBeDisabled.includes(name)) return;
  if (!numbersIn(usual, name, value).every((one) => Number.isSafeInteger(one) && (one as number) >= 0))
    throw new RangeError(`${name} takes whole numbers only.`);
}

function numbersIn(usual: unknown, name: string, value: unknown): unknown[] {
  if (typeof usual === 'number') return [value];
  if (!Array.isArray(usual)) return checkedEntries(name, value, ['perHour', 'perDay']).map(([, one]) => one);
  if (!Array.isArray(value)) throw new RangeError(`${name} takes a list of seconds.`);
  return value;
}
