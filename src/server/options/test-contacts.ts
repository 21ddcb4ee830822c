/** What the option `testContacts` takes: contacts that get no message, each with a fixed code and an end. */
import { z } from 'zod';
import { optionObject, policy, yesOrNo } from './kinds.js';
import { isReserved } from './reserved-contacts.js';

/** Days. Long enough for the review of an app; a forgotten entry ends by itself. */
const MAX_TEST_DAYS = 90;
const DAY = 86_400_000;

/**
 * Fewer digits than six are refused, also where the service's codes have four: the budget of wrong codes grants 900 guesses in 90
 * days, which find one of 10,000 codes in one case of eleven, and one of a million in one of 1,100.
 */
const MIN_CODE_LENGTH = 6;

/** When an entry ends, in milliseconds since 1970. A date ends with its last moment in UTC. */
export function endOf(until: string): number {
  return until.length === 'YYYY-MM-DD'.length ? Date.parse(until) + DAY - 1 : Date.parse(until);
}

/**
 * Whether somebody who guesses at all would begin with this code: steps that are all the same (000000, 123456, 864208), or a
 * shorter block that is repeated (121212, 123123). A person chose the code; no generator did.
 */
function isObvious(code: string): boolean {
  const digits = [...code].map(Number);
  const steps = digits.slice(1).map((digit, i) => (digit - digits[i]! + 10) % 10);
  return new Set(steps).size === 1 || /^(\d{1,5})\1+$/.test(code);
}

const contactError =
  'must be a number in E.164, such as +12025550123, or an address whose domain is in lower case, such as review@example.com.';
const codeError = `must be a text of ${MIN_CODE_LENGTH} to 10 digits.`;
const untilError = 'must be a date, such as 2027-01-31, or a time with its zone, such as 2027-01-31T18:00:00Z.';

const entry = optionObject({
  contact: z.string({ error: contactError }).regex(/^(?:\+[1-9]\d{6,14}|[^@\s]+@[a-z\d.-]+)$/, { error: contactError }),
  code: z
    .string({ error: codeError })
    .regex(new RegExp(`^\\d{${MIN_CODE_LENGTH},10}$`), { error: codeError })
    .refine((code) => !isObvious(code), {
      error: 'must not be one that people guess first, such as 123456, 000000 or 121212.',
    }),
  until: z.union([z.iso.date(), z.iso.datetime({ offset: true })], { error: untilError }),
  record: policy(yesOrNo),
  owned: policy(yesOrNo),
}).refine(({ contact, owned }) => owned === true || isReserved(contact), {
  path: ['contact'],
  error:
    'must be of a range or a domain that belongs to nobody, such as +12025550123 or review@example.com. For a contact of your own, set owned to true.',
});

const listError = 'must be a list of objects with contact, code and until.';

/** The list. That every code is as long as the service's, and that no end is too far away, depends on other options. */
export const testContactList = z
  .array(entry, { error: listError })
  .refine((entries) => new Set(entries.map(({ contact }) => contact)).size === entries.length, {
    error: 'must have each contact once.',
  })
  .readonly();

/** What is wrong with the entries in view of the other options: the path of it, and the rest of the sentence. */
export function testContactFault(
  entries: z.output<typeof testContactList>,
  codeLength: number,
  now: number,
): { path: (string | number)[]; error: string } | null {
  const otherLength = entries.findIndex(({ code }) => code.length !== codeLength);
  if (otherLength >= 0) {
    const error = `must have as many digits as the codes of the Verify services: ${codeLength}.`;
    return { path: ['testContacts', otherLength, 'code'], error };
  }
  const tooLate = entries.findIndex(({ until }) => endOf(until) > now + MAX_TEST_DAYS * DAY);
  if (tooLate < 0) return null;
  return { path: ['testContacts', tooLate, 'until'], error: `must end at most ${MAX_TEST_DAYS} days from now.` };
}
