/** What `accounts` takes, and the options of the shipped accounts. */
import type { z } from 'zod';
import type { HostFunction } from './check-options.js';
import { hasMethod, optionObject, plainText, wholeNumber, withMethods, yesOrNo } from './kinds.js';

const factorMethods = ['list', 'identity', 'add', 'rename', 'remove', 'used'] as const;

const accounts = withMethods(
  'postgresAccounts({ url }), sqliteAccounts({ file }) or memoryAccounts()',
  'contacts',
  'contactVerified',
);

type AccountMethods = z.output<typeof accounts> & { factors?: Record<(typeof factorMethods)[number], HostFunction> };

/** The accounts of the host. Those that keep factors must be able to revoke them. */
export const accountsOption = accounts.refine(
  (given) =>
    !('factors' in given) ||
    given.factors === undefined ||
    factorMethods.every((name) => hasMethod(given.factors, name)),
  { path: ['factors'], error: `must be an object with the methods ${factorMethods.join(', ')}.` },
) as z.ZodType<AccountMethods, AccountMethods>;

const uniqueContacts = yesOrNo.optional();
const timeout = wholeNumber(1, 60_000, 'milliseconds').optional();
const postgresUrl = 'must be an address that begins with postgres:// or postgresql://.';

/** The options of `memoryAccounts`. */
export const memoryAccountOptions = optionObject({ uniqueContacts });

/** The options of `sqliteAccounts`. */
export const sqliteAccountOptions = optionObject({
  file: plainText("must be the path of a file, or ':memory:'."),
  timeout,
  uniqueContacts,
});

/** The options of `postgresAccounts`. */
export const postgresAccountOptions = optionObject({
  url: plainText(postgresUrl).refine((url) => /^postgres(ql)?:\/\//.test(url), { error: postgresUrl }),
  timeout,
  connections: wholeNumber(1, 1_000).optional(),
  uniqueContacts,
});
