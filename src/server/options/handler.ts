/** What the options of `createHandler` take. setup/options.ts has their defaults and reasons. */
import { Channel } from '../../protocol/schemas.js';
import { accountsOption } from './accounts.js';
import { clientAddressOption } from './client-address.js';
import { countryList } from './countries.js';
import { keysOption } from './keys.js';
import {
  hostFunction,
  listOf,
  listWhere,
  oneOf,
  optionObject,
  plainText,
  policy,
  wholeNumber,
  withMethods,
  yesOrNo,
} from './kinds.js';
import { limitOptions } from './limits.js';
import { testContactFault, testContactList } from './test-contacts.js';
import { twilioOptions } from './twilio.js';
import { DEFAULT_CODE_LENGTH } from './verify-services.js';

/** Whether a text is an origin as a browser sends it. */
function isExactOrigin(origin: string): boolean {
  return /^https?:\/\/[^*]+$/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin;
}

/** Everything that the backend takes from its host. */
export const handlerOptions = optionObject({
  twilio: twilioOptions,
  keys: keysOption,
  audience: plainText('must name the application that the proofs are for.'),
  issuer: plainText('must be a text that is not empty.').optional(),
  identify: hostFunction.optional(),
  anonymous: policy(yesOrNo),
  accounts: accountsOption.optional(),
  twoFactor: policy(
    optionObject({ required: policy(oneOf(['always', 'by-account', 'never'])), email: policy(yesOrNo) }),
  ),
  limits: limitOptions.optional(),
  store: withMethods(
    'redisStore({ url }), sqliteStore({ file }) or memoryStore()',
    'reserve',
    'peek',
    'refund',
    'clear',
    'get',
    'set',
    'setIfAbsent',
    'compareAndSet',
    'ready',
    'close',
  ).optional(),
  origins: policy(listWhere(isExactOrigin, 'exact origins', 'is not an exact origin such as https://shop.example.', 0)),
  clientAddress: clientAddressOption.optional(),
  countries: policy(countryList),
  numberTypes: policy(listOf(['mobile', 'fixed-line-or-mobile', 'landline', 'voip', 'personal'], 'types of number')),
  channels: policy(listOf(Channel.options, 'channels')),
  testContacts: policy(testContactList),
  beforeSend: hostFunction.optional(),
  onEvent: hostFunction.optional(),
  now: hostFunction.optional(),
  contactProofLifetime: wholeNumber(1, 86_400, 'seconds').optional(),
  twoFactorProofLifetime: wholeNumber(1, 86_400, 'seconds').optional(),
})
  .refine(
    ({ identify, twoFactor, twilio }) =>
      identify === undefined || twoFactor?.required === 'never' || twilio.twoFactorService !== undefined,
    {
      path: ['twilio', 'twoFactorService'],
      error:
        'must be a service of its own: with one service, a code phished from a sign-up page would also sign in (or set twoFactor.required to never).',
    },
  )
  .check(({ value: { testContacts, twilio, now = Date.now }, issues }) => {
    const fault =
      testContacts && testContactFault(testContacts, twilio.codeLength ?? DEFAULT_CODE_LENGTH, Number(now()));
    if (fault) issues.push({ code: 'custom', path: fault.path, message: fault.error, input: testContacts });
  });
