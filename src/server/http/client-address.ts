/** Finds the client address of a request, from the connection or from the header of a trusted proxy. Pure. */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** What the server knows about a connection. */
export interface PeerConnection {
  /** The IP address of the peer. */
  address?: string;
}

/** The proxies between the internet and this backend. */
export interface TrustedProxies {
  /** The addresses and networks of the proxies (`10.0.0.0/8`, `::1`). The header of any other peer is ignored. */
  proxies: readonly string[];
  /** The header that the proxies write. Default `x-forwarded-for`. Each proxy must append to it or replace it, never pass it on unchanged. */
  header?: string;
}

/** How to find the client address: through trusted proxies, or by a function that returns an address, or null if it is unknown. */
export type ClientAddress = TrustedProxies | ((request: Request, connection: PeerConnection) => string | null);

/**
 * Makes a function that returns the client address: an IPv4 address, an IPv6 network of 64 bits (one customer gets at least
 * that much, and can send from any address in it), or null if it is unknown. The limits count all unknown addresses together.
 * Throws a `TypeError` for a proxy that is neither an address nor a network.
 */
export function createClientAddressResolver(
  option?: ClientAddress,
): (request: Request, connection: PeerConnection) => string | null {
  if (typeof option === 'function') return (request, connection) => normalizeAddress(option(request, connection));
  if (!option) return (_, connection) => normalizeAddress(connection.address);
  const networks = blockList(option.proxies);
  // Most hosts name single addresses. A lookup in a set takes a hundredth of the time of one in the block list.
  const addresses = new Set(option.proxies.filter((proxy) => isIPv4(proxy)));
  const onlyAddresses = addresses.size === option.proxies.length;
  const trusted = (hop: string) =>
    addresses.has(hop) || (!onlyAddresses && networks.check(hop, isIPv4(hop) ? 'ipv4' : 'ipv6'));
  const header = option.header ?? 'x-forwarded-for';
  return (request, { address }) => {
    const hops = [...(request.headers.get(header) ?? '').split(','), address ?? ''].map((hop) => plainAddress(hop));
    // Each hop was written by the proxy to its right. The first one from the right that is not a trusted proxy is the client; the client may have forged the rest.
    for (const hop of hops.reverse()) {
      if (hop === null) return null;
      if (!trusted(hop)) return normalizeAddress(hop);
    }
    return null;
  };
}

/** One spelling per client: `::ffff:1.2.3.4` becomes 1.2.3.4, and IPv6 becomes its /64. Null if the text is not an address. */
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
  // Proxies add ports and brackets, and the kernel adds zones.
  const bare = text
    .trim()
    .replace(/^\[([^\]]{2,64})\](?::\d{1,5})?$/, '$1')
    .replace(/%[\w.-]{1,32}$/, '')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/, '$1');
  // Node accepts any text as a zone, so one client could pass for many.
  if (isIP(bare) === 0 || bare.includes('%')) return null;
  if (isIPv4(bare)) return bare;
  const all = groups(bare);
  if (all.slice(0, 5).some((group) => group !== 0) || all[5] !== 0xffff) return bare;
  return [all[6] ?? 0, all[7] ?? 0].flatMap((group) => [group >> 8, group & 255]).join('.');
}

/** Parses a valid IPv6 address into its eight groups. */
function groups(address: string): number[] {
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

function blockList(proxies: readonly string[]): BlockList {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    const maximum = family === 'ipv4' ? 32 : 128;
    const length = bits === undefined ? maximum : Number(bits);
    if (isIP(address) === 0 || !/^\d{0,3}$/.test(bits ?? '') || length > maximum) {
      throw new TypeError(
        `clientAddress.proxies has ${JSON.stringify(proxy)}, which is neither an address nor a network. Use one such as 10.0.0.0/8.`,
      );
    }
    list.addSubnet(address, length, family);
  }
  return list;
}
