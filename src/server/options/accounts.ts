/** What the options of the shipped accounts take. */
import { optionObject, plainText, wholeNumber, yesOrNo } from './kinds.js';

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
