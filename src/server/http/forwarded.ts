/** Reads the header `Forwarded` (RFC 7239). Pure. */

// token = token / quoted-string (section 4). No quoted string of ours has a comma, a semicolon or an escape in it: a text that
// a client leaves open can then swallow nothing that a proxy writes behind it.
const pair = /^[!#$%&'*+.^_`|~\w-]+=(?:[!#$%&'*+.^_`|~\w-]+|"[^"\\]*")$/;

/**
 * The clients of all hops, the last hop at the end. A hop is '' if it does not say its client, in the form of section 6:
 * IPv4, or IPv6 in brackets and quotes, either with a port. `unknown` and the hidden names of section 6.3 are passed on.
 */
export function forwardedFor(header: string): string[] {
  return header.split(',').map((element) => {
    const pairs = element.split(';').map((one) => one.trim());
    if (!pairs.every((one) => pair.test(one))) return '';
    const clients = pairs.filter((one) => /^for=/i.test(one)).map((one) => one.slice(4).replaceAll('"', ''));
    const [client = '', ...more] = clients;
    // IPv6 without brackets could end in a port or in a group.
    return more.length > 0 || (client.includes(':') && !/^\[.*\]|^\d+\.\d+\.\d+\.\d+:\d+$/.test(client)) ? '' : client;
  });
}
