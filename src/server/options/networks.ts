/** Reads IP addresses and networks. Pure. */
import { isIP } from 'node:net';

/** The bits of one group, and the widest network that a host can mean: 10.0.0.0/8 and fc00::/7 are the widest private ones. */
const families = {
  ipv4: { bits: 8, size: 32, widest: 8 },
  ipv6: { bits: 16, size: 128, widest: 7 },
};

/** A network, or a single address as a network of all bits. */
export interface Network {
  address: string;
  length: number;
  family: 'ipv4' | 'ipv6';
}

/**
 * Reads an address or a network in CIDR notation (RFC 4632). Null for everything else, also for a network with bits after
 * its prefix, for one that is wider than any private network, and for IPv4 written as IPv6, which no hop is.
 */
export function parseNetwork(text: string): Network | null {
  const [, address = '', prefix] = /^([\da-fA-F.:]{2,45})(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return null;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const { bits, size, widest } = families[family];
  const length = prefix === undefined ? size : Number(prefix);
  if (length < widest || length > size) return null;
  const groups = family === 'ipv4' ? address.split('.').map(Number) : ipv6Groups(address);
  if (family === 'ipv6' && isMappedIPv4(groups)) return null;
  const isClean = groups.every((group, index) => {
    const covered = Math.max(0, Math.min(bits, length - index * bits));
    return group % 2 ** (bits - covered) === 0;
  });
  return isClean ? { address, length, family } : null;
}

/** Whether the eight groups are `::ffff:1.2.3.4`. */
export function isMappedIPv4(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

/** The eight groups of a valid IPv6 address. */
export function ipv6Groups(address: string): number[] {
  const hexadecimal = address.replace(
    /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/,
    (_, a: string, b: string, c: string, d: string) =>
      [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [left = '', right] = hexadecimal.split('::');
  const parse = (half: string) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)));
  const before = parse(left);
  const after = parse(right ?? '');
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}
