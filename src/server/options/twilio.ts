/** What the options of the Twilio account take. */
import { z } from 'zod';
import { hostFunction, oneOf, optionObject, plainText, wholeNumber, yesOrNo } from './kinds.js';
import { judgeAddress } from './safe-address.js';

/**
 * An identifier of Twilio's (https://www.twilio.com/docs/glossary/what-is-a-sid). Capitals are refused: Twilio writes small
 * letters, and an answer about another spelling would be one about another account.
 */
export function twilioSid(prefix: string) {
  const error = `must be ${prefix} and 32 hexadecimal digits, in small letters.`;
  return z.string({ error }).regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), { error });
}

/** The look-ups around a call may take ten seconds more, and the page waits 30 for an answer (flow/http-client.ts). */
const timeoutError =
  'must be a whole number of milliseconds from 1 to 20000: the page waits 30 seconds, and the look-ups around a call take up to 10.';

const rateLimitsError = 'takes unique names of letters, digits, dots, dashes and underscores.';
const rateLimitName = z.string({ error: rateLimitsError }).regex(/^[\w.-]{1,64}$/, { error: rateLimitsError });
const rateLimits = optionObject({
  subject: rateLimitName.optional(),
  prefix: rateLimitName.optional(),
  total: rateLimitName.optional(),
}).refine(
  (names) => {
    const all = Object.values(names).filter((name) => name !== undefined);
    return new Set(all).size === all.length;
  },
  { error: rateLimitsError },
);

const tags = z.custom<Readonly<Record<string, string>>>(
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const all = Object.entries(value);
    return all.length <= 10 && all.flat().every((text) => typeof text === 'string' && text.length <= 128);
  },
  { error: 'takes at most ten strings, names and values of at most 128 characters.' },
);

const nameError = 'takes 1 to 30 characters with at most four digits.';
const friendlyName = z
  .string({ error: nameError })
  .refine((name) => name !== '' && name.length <= 30 && (name.match(/\d/g) ?? []).length <= 4, { error: nameError });

/** Whether this address of Twilio's API may get the credentials. */
const isAllowed = (baseUrl: string, allowHttp = false) =>
  !/[?#]/.test(baseUrl) && (judgeAddress(baseUrl) === 'safe' || (allowHttp && judgeAddress(baseUrl) === 'plain'));

/** The options of the account, and of each send. */
export const twilioOptions = optionObject({
  accountSid: twilioSid('AC'),
  apiKey: twilioSid('SK').optional(),
  apiSecret: plainText('must be the secret of apiKey.').optional(),
  authToken: plainText('must be the auth token of the account.').optional(),
  contactService: twilioSid('VA'),
  twoFactorService: twilioSid('VA').optional(),
  longCodeService: twilioSid('VA').optional(),
  codeLength: wholeNumber(4, 10).optional(),
  lifetime: wholeNumber(1, 600, 'seconds').optional(),
  lookup: yesOrNo.optional(),
  transport: hostFunction.optional(),
  baseUrl: plainText('must be an https address.').optional(),
  allowHttp: yesOrNo.optional(),
  timeout: z
    .int({ error: timeoutError })
    .min(1, { error: timeoutError })
    .max(20_000, { error: timeoutError })
    .optional(),
  rateLimits: rateLimits.optional(),
  deviceIp: yesOrNo.optional(),
  riskCheck: oneOf(['enable', 'disable']).optional(),
  tags: tags.optional(),
  customFriendlyName: friendlyName.optional(),
  templateSid: twilioSid('HJ').optional(),
})
  .refine(({ apiKey, apiSecret, authToken }) => (apiKey === undefined ? authToken : apiSecret) !== undefined, {
    error: 'needs apiKey with apiSecret, or authToken.',
  })
  // Whichever was used, its owner may have meant to revoke it.
  .refine(({ apiKey, apiSecret, authToken }) => authToken === undefined || (apiKey ?? apiSecret) === undefined, {
    error:
      'has authToken beside apiKey or apiSecret, and only one of them can sign in: remove authToken, or the API key.',
  })
  .refine(({ baseUrl, allowHttp }) => baseUrl === undefined || isAllowed(baseUrl, allowHttp), {
    path: ['baseUrl'],
    error:
      'must be an https address without user name, password and query (http only to this machine, or with allowHttp).',
  })
  .refine(
    ({ contactService, twoFactorService, longCodeService }) =>
      longCodeService === undefined || ![contactService, twoFactorService].includes(longCodeService),
    {
      path: ['longCodeService'],
      error: 'must be a Verify service of its own, whose codes have eight digits.',
    },
  )
  .refine(({ contactService, twoFactorService }) => twoFactorService !== contactService, {
    path: ['twoFactorService'],
    error: 'must be another service than contactService: Twilio counts codes and attempts by service and number.',
  });
