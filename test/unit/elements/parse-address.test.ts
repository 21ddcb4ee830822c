/** What the e-mail field understands of what people paste: one address in its wrapping, and nothing that could be another. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { copiedAddress, toHalfWidth } from '../../../src/elements/fields/parse-address.js';
import { parseContact } from '../../../src/server/contacts/parse-contact.js';
import { loadPhoneMetadata } from '../../../src/server/contacts/phone-metadata.js';

await loadPhoneMetadata();

/** The address to which the backend sends, or why it refuses. */
function sentTo(text: string): string {
  const result = parseContact(text, 'US', { types: ['email'], channels: ['email'] });
  return 'contact' in result ? result.contact.value : result.problem;
}

describe('a text with one address', () => {
  test.each([
    'ada＠example.org',
    'ａｄａ＠ｅｘａｍｐｌｅ．ｏｒｇ',
    'ada﹫example。org',
    ' ada@example.org\t',
    'ada@example.org\r\n',
    '\u200b\ufeffada@example.org\u200e',
    'a\u00adda@exam\u200bple.org',
    '\u202aada@example.org\u202c',
    'ada@example.org,',
    'ada@example.org;',
    'ada@example.org.',
    '...ada@example.org ...',
    '; ada@example.org, ',
    '<ada@example.org>',
    '(ada@example.org)',
    '[ada@example.org]',
    '{ada@example.org}',
    '"ada@example.org"',
    "'ada@example.org'",
    '“ada@example.org”',
    '„ada@example.org“',
    '«ada@example.org»',
    '*ada@example.org*',
    '`ada@example.org`',
    '| ada@example.org |',
    '- ada@example.org',
    '• ada@example.org',
    '📧 ada@example.org',
    'mailto:ada@example.org',
    'MAILTO:ada@example.org',
    'mailto://ada@example.org',
    '<mailto:ada@example.org>',
    'mailto:ada%40example.org',
    'mailto:ada@example.org?subject=Hello%20there&body=Hi',
    'ada@example.org<mailto:ada@example.org>',
    '[ada@example.org](mailto:ada@example.org)',
    'Ada <ada@example.org>',
    'Ada<ada@example.org>',
    'Ada＜ada@example.org＞',
    'Ada Lovelace <ada@example.org>,',
    '"Ada L." <ada@example.org>',
    '"Lovelace, Ada" <ada@example.org>',
    '"ada@example.org" <Ada@example.org>'.replace('Ada@', 'ada@'),
    'Ada Lovelace (ada@example.org)',
    'Ada Lovelace [ada@example.org]',
    'Ada ＜ada＠example．org＞',
    'ada@example.org (Ada Lovelace)',
    'On Monday, Ada <ada@example.org> wrote:',
    'E-mail: ada@example.org',
    'Email:ada@example.org',
    'メール：ada@example.org。',
    'ada @ example.org',
    'ada@ example.org',
    'ada (at) example (dot) org',
    'ada[at]example[dot]org',
    'Ada\tada@example.org',
    'Ada\tLovelace\tada@example.org',
    'Lovelace-King, Ada\t<ada@example.org>',
    'Ada Lovelace\nada@example.org',
    'Ada Lovelace\r\nada@example.org\r\n',
    'ada@example.org\tAda Lovelace',
    '1. ada@example.org',
    '12) ada@example.org',
    '3.\tada@example.org',
    '1. Ada <ada@example.org>',
  ])('%j is read', (text) => {
    expect(copiedAddress(text)).toBe('ada@example.org');
    expect(sentTo(copiedAddress(text))).toBe('ada@example.org');
  });

  test.each([
    ['mailto:ada%2Bshop@example.org', 'ada+shop@example.org'],
    ['mailto:100%@example.org', '100%@example.org'],
    ["O'Neil <o'neil@example.org>", "o'neil@example.org"],
    ["'ada'@example.org,", "'ada'@example.org"],
    ['_ada@example.org;', '_ada@example.org'],
    ['ann@例え。テスト', 'ann@例え.テスト'],
    ['ann@نامه\u200cای.com,', 'ann@نامه\u200cای.com'],
  ])('%j keeps its own characters: %j', (text, address) => {
    expect(copiedAddress(text)).toBe(address);
  });
});

describe('a text with another meaning', () => {
  test.each([
    '',
    'ada',
    'ada@',
    '@example.org',
    'ada@example.org, bob@example.org',
    'ada@example.org bob@example.org',
    'Ada <ada@example.org>, Bob <bob@example.org>',
    '"bob@example.org" <ada@example.org>',
    'ada@bob@example.org',
    '"e@evil.com"@victim.com',
    'ada smith@example.org',
    '"ada smith"@example.org',
    'ada, smith@example.org',
    'o’neil@example.org',
    'ada@example.org bob',
    'Write to ada@example.org today',
    'mailto:ada@example.org?cc=bob@example.org',
    'mailto:ada@example.org?bcc=bob%40example.org',
    'mailto:ada@example.org,bob@example.org',
    'mailto:ada@example.org%2Cbob@example.org',
    'ada@example.org?bcc=bob@example.org',
    'ada@example.org\r\nBcc: bob@example.org',
    'bob@example.org\tada@example.org',
    'Ada\tada@example.org\tbob@example.org',
    'Ada 2\tada@example.org',
    '1815 ada@example.org',
    'ada@example.org\0',
    'https://ada@example.org/',
    'äda(x)@example.org',
    `${'x'.repeat(1001)} <ada@example.org>`,
  ])('%j stays as it is', (text) => {
    expect(copiedAddress(text)).toBe(text);
  });

  test.each(['ada@example.org, bob@example.org', 'Ada <ada@example.org>; bob@example.org', 'ada smith@example.org'])(
    '%j is refused by the backend',
    (text) => {
      expect(sentTo(copiedAddress(text))).toBe('invalid-contact');
    },
  );
});

describe('any text', () => {
  const part = fc.string({
    unit: fc.constantFrom(...'ab.Z9-+_*\'"@ ,;<>()[]{}|`~?&=\t＠é例。%:/\\!\u200b\u200c\u202e'),
    maxLength: 12,
  });
  const text = fc.oneof(
    fc.emailAddress(),
    fc.tuple(part, part).map(([name, domain]) => `${name}@${domain}.com`),
    fc.tuple(part, fc.emailAddress(), part).map(([before, address, behind]) => before + address + behind),
    fc.string({ unit: 'binary' }).map((one) => `${one}@example.com`),
  );

  it('that the backend accepts goes to the same address', () => {
    const property = fc.property(text, (typed) => {
      const address = sentTo(typed);
      if (address.includes('@')) expect(sentTo(copiedAddress(typed))).toBe(address);
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it('gives at most one address, and the same one again', () => {
    const property = fc.property(text, (typed) => {
      const read = copiedAddress(typed);
      if (read !== typed) expect(read.match(/[@＠﹫]/g)).toEqual(['@']);
      expect(copiedAddress(read)).toBe(read);
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it('takes no long time', () => {
    for (const unit of [' ', '<', '(', '@', 'a@', 'mailto:', '"', '[at]', 'a ', '. '])
      for (const end of ['', '@', 'x', '>']) {
        const before = performance.now();
        copiedAddress(unit.repeat(1000 / unit.length) + end);
        expect([unit, end, performance.now() - before < 200]).toEqual([unit, end, true]);
      }
  });

  it('keeps its length when its characters of full width are converted', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (one) => toHalfWidth(one).length === one.length));
  });
});
