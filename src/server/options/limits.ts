/** What the options of the limits take. limits/limit-options.ts has their defaults and the reason of each number. */
import { z } from 'zod';
import { optionObject, wholeNumber } from './kinds.js';

const count = wholeNumber();
const anyQuota = optionObject({ perHour: count.optional(), perDay: count.optional() });
/** A quota without a number would silently switch the limit off. */
const quota = anyQuota.refine(({ perHour, perDay }) => perHour !== undefined || perDay !== undefined, {
  error: 'needs perHour or perDay.',
});
const backoffError = 'must be a list of whole numbers of seconds, 0 or more.';
const backoff = z
  .array(z.int({ error: backoffError }).min(0, { error: backoffError }), { error: backoffError })
  .readonly();
const off = z.literal(false);

/** Only limits that another one stands behind can be switched off: otherwise guesses, messages to one person or costs would be unbounded. */
const countOrOff = z.union([off, count], { error: 'must be a whole number, 0 or more, or false.' });
const quotaOrOff = z.union([off, quota], { error: 'must be false or an object with perHour, perDay.' });

const shareError = 'must be a number above 0, at most 1.';
const share = z.number({ error: shareError }).gt(0, { error: shareError }).max(1, { error: shareError });
const sharesOrOff = z.union([off, optionObject({ phone: share.optional(), email: share.optional() })], {
  error: 'must be false or an object with phone, email.',
});

/** The options of the limits. The maxima are of the limits that bound guesses; the other limits bound costs, which are the host's decision. */
export const limitOptions = optionObject({
  sends: optionObject({
    destination: count.optional(),
    backoff: backoff.optional(),
    subject: countOrOff.optional(),
    subjectDestinations: countOrOff.optional(),
    address: quotaOrOff.optional(),
    addressDestinations: countOrOff.optional(),
    tries: wholeNumber(1).optional(),
    network: quotaOrOff.optional(),
    prefix: quotaOrOff.optional(),
    country: quotaOrOff.optional(),
    mailDomain: quotaOrOff.optional(),
    contactType: sharesOrOff.optional(),
    total: anyQuota
      .refine(({ perHour, perDay }) => Boolean(perHour) || Boolean(perDay), {
        error: 'needs perHour or perDay, above 0.',
      })
      .optional(),
  }).optional(),
  checks: optionObject({
    verification: wholeNumber(0, 4).optional(),
    destination: wholeNumber(0, 10).optional(),
    subject: wholeNumber(0, 10).optional(),
    address: count.optional(),
    backoff: backoff.optional(),
  }).optional(),
  proofs: optionObject({ address: quota.optional() }).optional(),
});
