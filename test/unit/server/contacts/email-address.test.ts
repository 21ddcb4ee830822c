/** Parsing of e-mail addresses: one recipient, in one spelling, and nothing that could add a second one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseContact, type ContactRules } from '../../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../../src/server/contacts/phone-metadata.js';

await loadPhoneMetadata();

/** 254 characters: a path has 256 with its brackets (RFC 5321, section 4.5.3.1.3). */
const longest = `a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(56)}.com`;
const rules: ContactRules = { types: ['phone', 'email'], channels: ['sms', 'email'] };

function read(to: string, more: Partial<ContactRules> = {}): string {
  const result = parseContact(to, 'US', { ...rules, ...more });
  return 'contact' in result ? result.contact.value : result.problem;
}

describe('addresses', () => {
  test.each([
    ['ann@example.com', 'ann@example.com'],
    [' Ann.Lee+shop@EXAMPLE.com\t', 'Ann.Lee+shop@example.com'],
    ['\u200bann@example.com\u200e\u00a0', 'ann@example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['ann@BÜCHER.example', 'ann@xn--bcher-kva.example'],
    ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
    ['ann@例え。テスト', 'ann@xn--r8jz45g.xn--zckzah'],
    ['ann@ｅｘａｍｐｌｅ.com', 'ann@example.com'],
    ["o'neil_{x}~#$&*/=?^`@a-b.c1.example", "o'neil_{x}~#$&*/=?^`@a-b.c1.example"],
    ['1@1.example', '1@1.example'],
    ['ann@a.1b.com', 'ann@a.1b.com'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
    [longest, longest],
    ['ann@نامه\u200cای.com', 'ann@xn--mgba3gch31f060k.com'],
  ])('%j is sent to %s', (typed, value) => {
    expect(read(typed)).toBe(value);
  });

  test.each([
    'a＠b.com',
    'ann＠example.com',
    'a﹫b.com',
    '"e@evil.com"@victim.com',
    '"a"@b.com',
    'a@b@c.com',
    '@',
    '@b.com',
    'a@',
    'a@b',
    'a@localhost',
    'a@.com',
    'a@b..com',
    'a@b.com.',
    'a@-b.com',
    'a@b-.com',
    'a@b.com,c@d.com',
    'a@b.com;c@d.com',
    'a@b.com c@d.com',
    'a b@c.com',
    'Ann <a@b.com>',
    '<a@b.com>',
    'mailto:a@b.com',
    'a@b.com?bcc=c@d.com',
    'a@b.com\r\nBcc: c@d.com',
    'a@b.com\n',
    '\ra@b.com',
    'a@b.com\0',
    'a\0@b.com',
    'a@b\t.com',
    'a@b.com\u2028c',
    'a\u0085@b.com',
    'a@127.0.0.1',
    'a@[127.0.0.1]',
    'a@[IPv6:::1]',
    'a@1.2.3',
    'a@192.0.2.10',
    'a@0x7f.1',
    'a@2130706433',
    'a@１２７.0.0.1',
    'a@example.123',
    'a@b.com/x',
    'a@b.com:25',
    'a@b.com#x',
    'a@ex%61mple.com',
    'a@b%2ecom',
    'a%b@c.com',
    'b.com!a@c.com',
    '.a@b.com',
    'a.@b.com',
    'a..b@c.com',
    'a(x)@b.com',
    'a\\@b.com',
    'a@b.com\\',
    'ä@example.com',
    'ａ@example.com',
    'a\u200b@example.com',
    'a\u202e@example.com',
    'a@exam\u202eple.com',
    'a@①.com',
    'a@²x.com',
    'a@ⓔ.com',
    'a@xn--a.com',
    'a@xn--.com',
    'a@xn--ss-.de',
    'a@xn--example.com',
    'a@xn--99999999.com',
    'a@xn--xn---epa.com',
    'a@xn--mnchen-3ya.xn--a',
    // A symbol and a mark without a letter: IDNA 2008 allows neither, and nobody can type them here.
    'a@xn--ls8h.com',
    'a@xn--oyb.com',
    'a@\u089f.com',
    'a@xn--\u{1f600}.com',
    'a@\ud800.com',
    'a@💩.com',
    'a@b_c.com',
    `${'a'.repeat(65)}@b.com`,
    `a@${'b'.repeat(64)}.com`,
    `a@${'b.'.repeat(130)}com`,
    `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(20)}.com`,
    ' '.repeat(254) + 'a@b.com',
    longest.replace('a@', 'aa@'),
    // 197 characters as typed, 266 in ASCII.
    `${'a'.repeat(64)}@${`${'üä'.repeat(16)}.`.repeat(4)}${'d'.repeat(30)}.com`,
  ])('%j is not an address', (typed) => {
    expect(read(typed)).toBe('invalid-contact');
  });

  test('an address is not taken for a number or a landline', () => {
    expect(parseContact('ann@example.com', 'US', rules)).toEqual({
      contact: { type: 'email', value: 'ann@example.com' },
      landline: false,
    });
  });

  test('an address is refused where the page or the channels exclude e-mail', () => {
    expect(read('ann@example.com', { types: ['phone'] })).toBe('unsupported-contact');
    expect(read('ann@example.com', { channels: ['sms'] })).toBe('unsupported-contact');
    expect(read('ann@example.com', { types: ['email'], countries: [] })).toBe('ann@example.com');
  });

  test('any input gives one plain address or none, and the address parses to itself', () => {
    const part = fc.string({
      unit: fc.constantFrom(...'ab.Z9-+_"@ ,;<>\r\n\0＠é例。%[]:/\\!\u200b\u202e'),
      maxLength: 12,
    });
    const text = fc.oneof(
      fc.emailAddress(),
      fc.tuple(part, part).map(([name, domain]) => `${name}@${domain}.com`),
      fc.string({ unit: 'binary' }).map((one) => `${one}@example.com`),
      fc.string({ unit: 'binary' }).map((one) => `a@${one}.com`),
    );
    const property = fc.property(text, (typed) => {
      const result = parseContact(typed, undefined, rules);
      if (!('contact' in result)) return;
      const { value } = result.contact;
      expect(value).toMatch(/^[!-?A-~]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/);
      expect(value).not.toMatch(/[",;:<>()[\]\\%!\s]/);
      expect(value.length).toBeLessThanOrEqual(254);
      expect(parseContact(value, 'GB', rules)).toEqual(result);
    });
    fc.assert(property, { numRuns: 4000 });
  });

  test('ordinary addresses pass', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,12}([._+-][a-z0-9]{1,8}){0,2}$/);
    const domain = fc.stringMatching(/^([a-z0-9]{1,10}\.){1,3}[a-z]{2,8}$/);
    const property = fc.property(name, domain, (one, two) => {
      expect(read(`${one}@${two}`)).toBe(`${one}@${two}`);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
