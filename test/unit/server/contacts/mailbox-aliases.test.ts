/** Which spellings of an address reach one mailbox, provider by provider. */
import { describe, expect, it } from 'vitest';
import { foldMailboxAliases } from '../../../../src/server/contacts/mailbox-aliases.js';

/** The provider, the mailbox, and addresses that reach it. */
const sameMailbox: [string, string, string[]][] = [
  ['Gmail', 'ada.l@gmail.com', ['adal@gmail.com', 'A.D.A.L+shop@gmail.com', 'ada.l@googlemail.com']],
  ['iCloud', 'ada.l@icloud.com', ['ada.l@me.com', 'Ada.L@mac.com', 'ada.l+shop@icloud.com']],
  [
    'Proton',
    'ada.l@proton.me',
    ['adal@pm.me', 'a-d-a_l@protonmail.com', 'ADA.L+shop@protonmail.ch', 'ada_l@proton.me'],
  ],
  [
    'Yandex',
    'ada.l@yandex.ru',
    ['ada-l@yandex.com', 'ada.l@ya.ru', 'Ada-L+shop@yandex.by', 'ada.l@yandex.kz', 'ada.l@yandex.ua'],
  ],
  ['Yahoo', 'ada@yahoo.com', ['ada-shop@yahoo.com', 'ADA-shop-2@yahoo.com', 'ada+shop@yahoo.com']],
  ['Yahoo in other countries', 'ada@yahoo.co.uk', ['ada-shop@yahoo.co.uk']],
  ['Yahoo’s ymail', 'ada@ymail.com', ['ada-shop@ymail.com']],
  ['Fastmail', 'ada@fastmail.com', ['shop@ada.fastmail.com', 'Ada+shop@fastmail.com', 'more+shop@ada.fastmail.com']],
  ['a domain of Fastmail’s', 'ada@sent.com', ['shop@ada.sent.com', 'ada+shop@sent.com']],
  ['Outlook', 'ada.l@outlook.com', ['ADA.L+shop@outlook.com']],
  ['Hotmail', 'ada.l@hotmail.com', ['ada.l+1@hotmail.com']],
  ['Live', 'ada.l@live.com', ['ada.l+1+2@live.com']],
  ['another provider', 'ada.l@example.com', ['Ada.L@example.com', 'ada.l+shop+2@example.com']],
];

describe('one mailbox has one budget', () => {
  it.each(sameMailbox)('at %s', (_, mailbox, aliases) => {
    for (const alias of aliases) expect(foldMailboxAliases(alias)).toBe(foldMailboxAliases(mailbox));
  });
});

describe('two mailboxes have two budgets', () => {
  it.each([
    ['two names', 'ada@gmail.com', 'adb@gmail.com'],
    ['a dot at Outlook', 'ada.l@outlook.com', 'adal@outlook.com'],
    ['a dot at Yahoo', 'ada.l@yahoo.com', 'adal@yahoo.com'],
    ['a dot at iCloud', 'ada.l@icloud.com', 'adal@icloud.com'],
    ['a dot elsewhere', 'ada.l@example.com', 'adal@example.com'],
    ['a hyphen elsewhere', 'ada-l@example.com', 'ada@example.com'],
    ['a hyphen at Gmail', 'ada-l@gmail.com', 'ada@gmail.com'],
    ['a name without the dot at Yandex', 'ada.l@yandex.ru', 'adal@yandex.ru'],
    ['the domains of Microsoft', 'ada@outlook.com', 'ada@hotmail.com'],
    ['the domains of Yahoo', 'ada@yahoo.com', 'ada@yahoo.co.uk'],
    ['the domains of Fastmail', 'ada@fastmail.com', 'ada@fastmail.fm'],
    ['a subdomain elsewhere', 'shop@ada.example.com', 'ada@example.com'],
    ['a subdomain of Gmail’s', 'shop@ada.gmail.com', 'ada@gmail.com'],
  ])('with %s', (_, one, another) => {
    expect(foldMailboxAliases(one)).not.toBe(foldMailboxAliases(another));
  });
});

it.each([
  ['+x@example.com', '@example.com'],
  ['ann@xn--bcher-kva.example', 'ann@xn--bcher-kva.example'],
  ['"a@b"@example.com', '"a@b"@example.com'],
])('%s is counted as %s', (address, form) => {
  expect(foldMailboxAliases(address)).toBe(form);
});
