/** The address that a request counts for: from the connection, or from a proxy that the host has named. Pure. */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** What the server knows of a connection; `address` is that of the peer. */
export interface PeerConnection {
  address?: string;
}

/** The proxies between the internet and this backend. */
export interface TrustedProxies {
  /** Addresses and networks (`10.0.0.0/8`, `::1`) whose word is taken. Everybody else's header is ignored. */
  proxies: readonly string[];
  /** Which header they write; default `x-forwarded-for`. A proxy must append to it or replace it, never pass it on as it came. */
  header?: string;
}

/** How the host finds the address: by the proxies it names, or by a function of its own that answers an address or null. */
export type ClientAddress = TrustedProxies | ((request: Request, connection: PeerConnection) => string | null);

/**
 * Makes the reader. It answers an IPv4 address, an IPv6 network of 64 bits (one customer gets at least that much, and
 * could send from any address in it), or null, for which the limits keep one strict bucket that all unknown share.
 * Throws a `TypeError` for a proxy that is neither address nor network.
 */
export function createClientAddressResolver(
  option?: ClientAddress,
): (request: Request, connection: PeerConnection) => string | null {
  if (typeof option === 'function') return (request, connection) => normalizeAddress(option(request, connection));
  if (!option) return (_, connection) => normalizeAddress(connection.address);
  const networks = blockList(option.proxies);
  // Most hosts name one address: a look into a set costs a hundredth of a look into the list.
  const addresses = new Set(option.proxies.filter((proxy) => isIPv4(proxy)));
  const onlyAddresses = addresses.size === option.proxies.length;
  const trusted = (hop: string) =>
    addresses.has(hop) || (!onlyAddresses && networks.check(hop, isIPv4(hop) ? 'ipv4' : 'ipv6'));
  const header = option.header ?? 'x-forwarded-for';
  return (request, { address }) => {
    const hops = [...(request.headers.get(header) ?? '').split(','), address ?? ''].map((hop) => plainAddress(hop));
    // From the right, each hop was written by the one before it: the first that is not ours is the client, and nothing left of it counts.
    for (const hop of hops.reverse()) {
      if (hop === null) return null;
      if (!trusted(hop)) return normalizeAddress(hop);
    }
    return null;
  };
}

/** One spelling for one client: `::ffff:1.2.3.4` is 1.2.3.4, and IPv6 counts by its /64. Null for what is no address. */
export function normalizeAddress(address: string | null | undefined): string | null {
  const plain = plainAddress(address ?? '');
  if (plain === null || isIPv4(plain)) return plain;
  return `${groups(plain)
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

function plainAddress(text: string): string | null {
  if (isIPv4(text)) return text;
  // Proxies write ports and brackets, and the kernel zones.
  const bare = text
    .trim()
    .replace(/^\[([^\]]{2,64})\](?::\d{1,5})?$/, '$1')
    .replace(/%[\w.-]{1,32}$/, '')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1');
  // Node takes any zone for a part of an address; its text would make new clients out of one.
  if (isIP(bare) === 0 || bare.includes('%')) return null;
  if (isIPv4(bare)) return bare;
  const all = groups(bare);
  if (all.slice(0, 5).some((group) => group !== 0) || all[5] !== 0xffff) return bare;
  return [all[6] ?? 0, all[7] ?? 0].flatMap((group) => [group >> 8, group & 255]).join('.');
}

/** The eight groups of a valid IPv6 address. */
function groups(address: string): number[] {
  const hexadecimal = address.replace(
    /(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/,
    (_, a: string, b: string, c: string, d: string) =>
      [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [left = '', right] = hexadecimal.split('::');
  const read = (half: string) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)));
  const before = read(left);
  const after = read(right ?? '');
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function blockList(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const most = family === 'ipv4' ? 32 : 128;
    const length = bits === undefined ? most : Number(bits);
    if (isIP(address) === 0 || !/^\d{0,3}$/.test(bits ?? '') || length > most) {
      throw new TypeError(
        `clientAddress.proxies has ${JSON.stringify(proxy)}, which is neither an address nor a network.`,
      );
    }
    list.addSubnet(address, length, family);
  }
  return list;
}
