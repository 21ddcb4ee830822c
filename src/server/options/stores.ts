/** What the options of the three stores take. */
import { z } from 'zod';
import { optionObject, plainText, wholeNumber, yesOrNo } from './kinds.js';

/** The options of `memoryStore`. */
export const memoryStoreOptions = optionObject({ keys: wholeNumber(1).optional() });

/** The options of `sqliteStore`. */
export const sqliteStoreOptions = optionObject({ file: plainText("must be the path of a file, or ':memory:'.") });

const redisUrl = 'must be an address that begins with redis:// or rediss://.';

const redisUrls = 'must be a list of one or more addresses that begin with redis:// or rediss://.';

const redisAddress = plainText(redisUrl).refine((url) => /^rediss?:\/\//.test(url) && URL.canParse(url), {
  error: redisUrl,
});

/** What the client of a cluster uses for all nodes, whichever address it connects to. */
function sharedPart(url: string): string {
  if (!URL.canParse(url)) return url;
  const { protocol, username, password } = new URL(url);
  return JSON.stringify([protocol, username, password]);
}

const redisCluster = z
  .array(redisAddress)
  .min(1, { error: redisUrls })
  .refine((urls) => new Set(urls.map(sharedPart)).size < 2, {
    error: 'must have one protocol, user and password: a cluster takes the same at every node.',
  })
  .refine((urls) => urls.every((url) => !URL.canParse(url) || /^\/?0?$/.test(new URL(url).pathname)), {
    error: 'must not name a database: a cluster has only database 0.',
  })
  .readonly();

/** The options of `redisStore`. A list of addresses is a cluster. */
export const redisStoreOptions = optionObject({
  url: z.union([redisAddress, redisCluster], { error: redisUrl }),
  timeout: wholeNumber(1, 60_000, 'milliseconds').optional(),
  prefix: plainText('must be a text that is not empty.').optional(),
  compareClocks: yesOrNo.optional(),
});
