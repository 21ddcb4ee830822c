/** The network of a client address: what one customer of a provider can have without effort. Pure. */

/**
 * The /24 of an IPv4 address, or the /48 of an IPv6 one, which many providers give to a single customer
 * (RFC 6177, https://www.ripe.net/publications/docs/ripe-690/). Takes an address as {@link normalizeAddress} writes it.
 */
export function networkOf(address: string): string {
  if (address.includes(':')) return `${address.split(':').slice(0, 3).join(':')}::/48`;
  return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
}
