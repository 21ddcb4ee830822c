/** Under which domain the limits count an address: the one that its owner registered, however many names are under it. */
import { expect, it } from 'vitest';
import { countedMailDomain } from '../../../../src/server/limits/mail-domain.js';

it.each([
  ['ada@example.com', 'example.com'],
  ['ada@EXAMPLE.com', 'example.com'],
  ['ada@a.b.c.example.com', 'example.com'],
  ['ada@xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['"a@b"@mail.example.org', 'example.org'],
  ['ada@localhost', 'localhost'],
])('%s counts for the domain that somebody registered: %s', (mail, domain) => {
  expect(countedMailDomain(mail)).toBe(domain);
});

it.each([
  ['ada@example.co.uk', 'example.co.uk'],
  ['ada@a.b.example.co.uk', 'example.co.uk'],
  ['ada@mail.example.com.br', 'example.com.br'],
  ['ada@mail.example.or.jp', 'example.or.jp'],
  // Only under a country: `co.com` itself is a name that somebody registered.
  ['ada@example.co.com', 'co.com'],
  ['ada@www.example.de', 'example.de'],
])('%s counts below a name that the registry of a country gives to nobody: %s', (mail, domain) => {
  expect(countedMailDomain(mail)).toBe(domain);
});

it.each([
  'ada@gmail.com',
  'ada@QQ.com',
  'ada@docomo.ne.jp',
  'ada@uol.com.br',
  'ada@hotmail.fr',
  'ada@yahoo.co.jp',
  'ada@gmx.net',
])('%s is one of millions at a large provider, and counts for no domain', (mail) => {
  expect(countedMailDomain(mail)).toBeNull();
});

it.each([
  ['ada@hotmail.fr.example.com', 'example.com'],
  ['ada@yahoo.example.com', 'example.com'],
  ['ada@mail.yahoo.shop', 'yahoo.shop'],
  ['ada@yahoo.shop', 'yahoo.shop'],
  ['ada@evil.hotmail.fr', 'hotmail.fr'],
  ['ada@notgmail.com', 'notgmail.com'],
  ['ada@outlook.tk', 'outlook.tk'],
  ['ada@live.ml', 'live.ml'],
  ['ada@gmx.xx', 'gmx.xx'],
  ['ada@yahoo.net', 'yahoo.net'],
])('%s only looks like a large provider, and counts for %s', (mail, domain) => {
  expect(countedMailDomain(mail)).toBe(domain);
});
