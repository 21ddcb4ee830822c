/** What the option `clientAddress` takes. */
import { z } from 'zod';
import { hostFunction, listWhere, optionObject } from './kinds.js';
import { parseNetwork } from './networks.js';
import { nearestName } from './nearest-name.js';

/**
 * The headers in which proxies write client addresses. `forwarded` has its own grammar (RFC 7239); the others contain one
 * address or a list of them.
 */
const headers = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'x-client-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'fastly-client-ip',
  'fly-client-ip',
  'x-azure-clientip',
] as const;

const header = z.custom<string>(
  (value) => typeof value === 'string' && headers.some((name) => name === value.toLowerCase()),
  {
    error: ({ input }) => {
      const nearest = typeof input === 'string' ? nearestName(input, headers) : undefined;
      return `must be ${headers.join(', ')}${nearest ? `. Did you mean ${nearest}?` : '; for another header, use a function.'}`;
    },
  },
);

/** The proxies, or a function. */
export const clientAddressOption = z.union(
  [
    hostFunction,
    optionObject({
      proxies: listWhere(
        (proxy) => parseNetwork(proxy) !== null,
        'addresses and networks',
        'is neither an address nor a network such as 10.0.0.0/8, with no bits after its prefix.',
      ),
      header: header.optional(),
    }),
  ],
  { error: 'must be an object with proxies, or a function.' },
);
