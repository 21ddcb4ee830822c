/** What the options of the three stores take. */
import { z } from 'zod';
import { optionObject, plainText, wholeNumber, yesOrNo } from './kinds.js';

/** The options of `memoryStore`. */
export const memoryStoreOptions = optionObject({ keys: wholeNumber(1).optional() });

/** The options of `sqliteStore`. */
export const sqliteStoreOptions = optionObject({ file: plainText("must be the path of a file, or ':memory:'.") });

const redisUrl = 'must be an address that begins with redis:// or rediss://.';

const redisAddress = plainText(redisUrl).refine((url) => /^rediss?:\/\//.test(url) && URL.canParse(url), {
  error: redisUrl,
});

/** The options of `redisStore`. A list of addresses is a cluster. */
export const redisStoreOptions = optionObject({
  url: z.union([redisAddress, z.array(redisAddress).min(1).readonly()], { error: redisUrl }),
  timeout: wholeNumber(1, 60_000, 'milliseconds').optional(),
  prefix: plainText('must be a text that is not empty.').optional(),
  compareClocks: yesOrNo.optional(),
});
