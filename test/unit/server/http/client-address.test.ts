/** The client address, with and without trusted proxies, and with forged headers. */
import { describe, expect, it } from 'vitest';
import { normalizeAddress, createClientAddressResolver } from '../../../../src/server/http/client-address.js';

const request = (headers: Record<string, string> = {}) => new Request('https://shop.example/', { headers });
const peer = { address: '203.0.113.9' };

describe('one client has one address', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['::ffff:0102:0304', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [`2001:db8::1%${'z'.repeat(33)}`, null],
    ['2001:db8::1%25eth%0', null],
    ['fe80::1%eth0%eth1', null],
    ['::1', '0:0:0:0::/64'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['1.2.3.4:5678', '1.2.3.4'],
    [' 1.2.3.4 ', '1.2.3.4'],
    ['64:ff9b::1.2.3.4', '64:ff9b:0:0::/64'],
    ['1.2.3', null],
    ['1.2.3.4.5', null],
    ['unknown', null],
    ['', null],
    [undefined, null],
  ])('%s is %s', (address, expected) => {
    expect(normalizeAddress(address)).toBe(expected);
  });

  it('a thousand addresses of one /64 count as one', () => {
    const all = Array.from({ length: 1000 }, (_, i) => normalizeAddress(`2001:db8:1:2:${i.toString(16)}::1`));
    expect(new Set(all).size).toBe(1);
  });
});

describe('without trusted proxies', () => {
  it.each(['x-forwarded-for', 'forwarded', 'cf-connecting-ip', 'x-real-ip', 'true-client-ip', 'x-client-ip'])(
    '%s changes nothing',
    (header) => {
      expect(createClientAddressResolver()(request({ [header]: '9.9.9.9' }), peer)).toBe('203.0.113.9');
    },
  );
});

describe('behind trusted proxies', () => {
  const read = createClientAddressResolver({ proxies: ['10.0.0.0/8', '::1', '2001:db8:f::/48'] });

  it.each([
    ['the proxy’s word is taken', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['the right-most hop that is not ours counts', '10.0.0.1', '6.6.6.6, 198.51.100.1, 10.2.2.2', '198.51.100.1'],
    ['a stranger’s word is not', '198.51.100.66', '1.1.1.1', '198.51.100.66'],
    ['a proxy by IPv6, and an IPv4 peer mapped into it', '::ffff:10.0.0.1', '2001:db8:9:9::1', '2001:db8:9:9::/64'],
    ['a network of IPv6', '2001:db8:f:1::1', '198.51.100.1', '198.51.100.1'],
    ['garbage in the chain is nobody', '10.0.0.1', '198.51.100.1, garbage', null],
    ['garbage left of the client is not read', '10.0.0.1', 'garbage, 198.51.100.1', '198.51.100.1'],
    ['only proxies of ours: nobody', '10.0.0.1', '10.0.0.2', null],
    ['no header: nobody', '10.0.0.1', '', null],
  ])('%s', (_, address, header, expected) => {
    expect(read(request({ 'x-forwarded-for': header }), { address })).toBe(expected);
  });

  it('another header can be set, and then the default one is ignored', () => {
    const cdn = createClientAddressResolver({ proxies: ['10.0.0.1'], header: 'cf-connecting-ip' });
    expect(
      cdn(request({ 'cf-connecting-ip': '198.51.100.1', 'x-forwarded-for': '6.6.6.6' }), { address: '10.0.0.1' }),
    ).toBe('198.51.100.1');
  });

  it('the host can use a function of its own, and its result is normalized too', () => {
    expect(createClientAddressResolver(() => '::ffff:1.2.3.4')(request(), {})).toBe('1.2.3.4');
    expect(createClientAddressResolver(() => null)(request(), peer)).toBeNull();
  });

  it('a list of RFC 7239 is read from the right, as any other', () => {
    const standard = createClientAddressResolver({ proxies: ['10.0.0.0/8', '2001:db8:f::/48'], header: 'Forwarded' });
    for (const [header, expected] of [
      ['for=198.51.100.1', '198.51.100.1'],
      ['FOR="198.51.100.1:4711";proto=https;by=203.0.113.43', '198.51.100.1'],
      ['proto=https; for="[2001:db8:cafe::17]:4711"', '2001:db8:cafe:0::/64'],
      ['for="[2001:db8:cafe::17]"', '2001:db8:cafe:0::/64'],
      ['for=6.6.6.6, for=198.51.100.1, for=10.2.2.2', '198.51.100.1'],
      ['for=6.6.6.6, for="[2001:db8:f:1::1]"', '6.6.6.6'],
      // A client leaves something open, and cannot hide what the proxy writes behind it.
      ['for=", for=198.51.100.1', '198.51.100.1'],
      ['for="6.6.6.6, for=198.51.100.1', '198.51.100.1'],
      ['garbage;;, for=198.51.100.1', '198.51.100.1'],
      // Whoever is not named there is nobody.
      ['for=unknown', null],
      ['for=_hidden', null],
      ['for=6.6.6.6, by=10.0.0.2', null],
      ['for=6.6.6.6, for=_hidden', null],
      ['for=6.6.6.6, for=7.7.7.7;for=8.8.8.8', null],
      ['for=2001:db8::1', null],
      ['for="2001:db8::1"', null],
      ['198.51.100.1', null],
      ['', null],
    ] as const) {
      expect([header, standard(request({ forwarded: header }), { address: '10.0.0.1' })]).toEqual([header, expected]);
    }
    expect(standard(request({ forwarded: 'for=1.1.1.1' }), peer)).toBe('203.0.113.9');
  });
});
