/** Which domains the e-mail field asks about: typos in those of large providers, and no real domain of anybody. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { suggestAddress } from '../../../src/elements/fields/suggest-domain.js';

const typos: Record<string, string> = {
  'gmail.com':
    'gmial.com gmai.com gmal.com gmil.com gamil.com gnail.com gmaill.com gmaik.com gmsil.com ggmail.com gmail.con gmail.comm gmail.cmo ' +
    'gmail.vom gmail.co gmail.cm gmail.om gmail..com gmail,com gmailcom gmail gmial.con GMIAL.COM gmaul.com mgail.com ' +
    'gnial.com grnail.com gmaill.co gamil.co gmail.com.com gmailc.om gmai1.com gmeil.com gmailll.com gmaill.con',
  'hotmail.com':
    'hotmial.com hotmal.com hotmai.com hotmil.com homtail.com hotmaill.com otmail.com hotmail.con hotmail.cm hotmail hotrnail.com h0tmail.com',
  'hotmail.fr': 'hotmial.fr',
  'hotmail.co.uk': 'hotmail.co.ku hotmail.couk',
  'yahoo.com': 'yahooo.com yaho.com yhoo.com yahho.com yahoo.con yahoo.cmo tahoo.com zahoo.com',
  'yahoo.co.uk': 'yaoo.co.uk yahooo.co.uk yahooco.uk',
  'yahoo.co.jp': 'yahoo.co.jo',
  'yahoo.fr': 'yaho.fr',
  'outlook.com': 'outlok.com outllok.com outloo.com oulook.com otulook.com outlook.con outlookcom',
  'icloud.com': 'iclod.com iclud.com icloud.con icould.com iclould.com',
  'protonmail.com': 'protonmial.com protonmal.com protonmail.con',
  'googlemail.com': 'googlmail.com goglemail.com',
  'live.com': 'live.con',
  'aol.com': 'aol.con',
  'gmx.de': 'gmx,de gmx.dee gmx.ed',
  't-online.de': 't-onlin.de tonline.de',
  'comcast.net': 'comcast.ney comcst.net',
  'qq.com': 'qq.con',
  '163.com': '163.vom',
  'mail.ru': 'mial.ru mail.ur mail..ru mail.r',
  'orange.fr': 'orang.fr orange.rf',
  'web.de': 'webde web.ed web,de',
  'wp.pl': 'wp.lp',
};

/** Providers and companies. Each has, or may well have, mail of its own. */
const real = (
  'gmail.com googlemail.com ymail.com rocketmail.com mail.com email.com gmx.com gmx.net gmx.de gmx.at gmx.ch gmx.co.uk hotmail.com hotmail.fr ' +
  'hotmail.co.uk hotmail.com.tr hotmail.com.ar hotmail.nl hotmail.ca live.com live.ca live.dk msn.com passport.com outlook.com outlook.fr ' +
  'outlook.pt outlook.com.tr outlook.com.ar me.com mac.com icloud.com yahoo.com yahoo.co.jp yahoo.co.za yahoo.com.hk yahoo.com.pe yahoo.com.ua ' +
  'yahoo.se yahoo.jp aol.com aim.com proton.me pm.me protonmail.com protonmail.ch proton.com tuta.com tutanota.com tutanota.de posteo.de ' +
  'mailbox.org fastmail.com fastmail.fm hey.com zoho.com yandex.ru yandex.com yandex.kz ya.ru mail.ru inbox.ru bk.ru list.ru rambler.ru ' +
  'web.de freenet.de t-online.de arcor.de orange.fr free.fr sfr.fr laposte.net wanadoo.fr libero.it alice.it tiscali.it virgilio.it wp.pl ' +
  'onet.pl interia.pl o2.pl seznam.cz email.cz naver.com daum.net hanmail.net qq.com 163.com 126.com sina.com foxmail.com uol.com.br uol.com.ar ' +
  'terra.com.br terra.com.ar bol.com.br ig.com.br rediffmail.com comcast.net verizon.net verizon.com att.net cox.net sky.com btinternet.com ' +
  'gail.com grail.com cloud.com gmac.com gmic.com mailgun.com hitmail.com eastmail.com dmail.com tmail.com xmail.com zmail.com cmail.com ' +
  'apple.com google.com microsoft.com amazon.com ibm.com intel.com oracle.com meta.com netflix.com wahoo.com fmail.com bootmail.com shootmail.com hotmaid.com proto.me liber.it libera.it interim.pl mali.ru mail.de mail.co web.com free.com ' +
  'orange.com oranges.fr telnet.be yahoo.co.nz yahoo.com.sg yahoo.es hotmail.co.kr qq.cn rogers.com never.com never.co mali.com gemail.com gomail.com nave.com castmail.com liberi.it live.nation.com ' +
  'liveworld.com novo.com photon.me example.com example.org siemens.com bosch.de sap.com ey.com hp.com gm.com ge.com mit.edu ox.ac.uk bbc.co.uk'
).split(' ');

describe('a typo', () => {
  const cases = Object.entries(typos).flatMap(([meant, typed]) => typed.split(' ').map((one) => [one, meant] as const));

  test.each(cases)('%s is asked about as %s', (typed, meant) => {
    expect(suggestAddress(`Ada.Lovelace+x@${typed}`)).toBe(`Ada.Lovelace+x@${meant}`);
  });

  it('is known in forty spellings at least', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });
});

describe('no question', () => {
  test.each(real)('is asked about %s', (domain) => {
    expect(suggestAddress(`ada@${domain}`)).toBeUndefined();
  });

  it('is asked about at least sixty domains', () => {
    expect(new Set(real).size).toBeGreaterThanOrEqual(60);
  });

  test.each(['', 'ada', 'ada@', '@gmial.com', 'ada@bob@gmial.com', 'ada l@gmial.com', 'ada@gmial.com, bob@gmial.com'])(
    'is asked about %j',
    (text) => {
      expect(suggestAddress(text)).toBeUndefined();
    },
  );

  it('is asked about its own suggestion', () => {
    const domain = fc.stringMatching(/^[a-z]{1,9}\.[a-z]{2,4}(\.[a-z]{2})?$/);
    const near = fc.constantFrom(...Object.values(typos).flatMap((typed) => typed.split(' ')));
    const property = fc.property(fc.oneof(domain, near), (one) => {
      const meant = suggestAddress(`ada@${one}`);
      if (meant) expect(suggestAddress(meant)).toBeUndefined();
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
