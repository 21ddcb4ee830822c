/**
 * Which addresses of the large mail providers reach one mailbox. The limits count them once, or one mailbox would have as
 * many budgets as it has spellings. A rule stands here only if its source says so; elsewhere a plus begins a tag.
 */

/** Other spellings of a name that one provider delivers to the same mailbox. */
interface Provider {
  /** All domains of the provider. If `oneName` is set, a name belongs to the same person at each of them. */
  domains: string;
  oneName?: true;
  /** The character that begins a tag, besides the plus. */
  tag?: string;
  /** Characters in a name that make no difference, and what they are replaced by. */
  ignored?: readonly [RegExp, string];
  /** `anything@ada.fastmail.com` is delivered to `ada@fastmail.com`. */
  subdomains?: true;
}

/** Domains of several providers are listed in https://github.com/maxmind/minfraud-api-node/blob/main/src/request/email.ts. */
const providers: readonly Provider[] = [
  {
    // Dots: https://support.google.com/mail/answer/7436150. Both domains:
    // https://dev.maxmind.com/minfraud/normalizing-email-addresses-for-minfraud.
    domains: 'gmail.com googlemail.com',
    oneName: true,
    ignored: [/\./g, ''],
  },
  {
    // https://support.apple.com/118230
    domains: 'icloud.com me.com mac.com',
    oneName: true,
  },
  {
    // Domains: https://proton.me/support/addresses-and-aliases. Dots, hyphens and underscores: `CANONICALIZE_SCHEME.PROTON`
    // in https://github.com/ProtonMail/WebClients/blob/main/packages/shared/lib/helpers/email.ts.
    domains: 'proton.me protonmail.com protonmail.ch pm.me',
    oneName: true,
    ignored: [/[._-]/g, ''],
  },
  {
    // "Addresses using your username on all Yandex domains": https://yandex.com/support/id/authorization/email.html.
    // "By registering the login ivan.petrov, you will receive mail sent to" the name with a hyphen as well: Yandex, as quoted
    // in https://zapbikes.com/q/357077.
    domains: 'yandex.ru ya.ru yandex.com yandex.by yandex.kz yandex.ua',
    oneName: true,
    ignored: [/\./g, '-'],
  },
  {
    // A hyphen ends the base name of a disposable address:
    // https://dev.maxmind.com/minfraud/normalizing-email-addresses-for-minfraud.
    domains:
      'yahoo.com yahoo.at yahoo.be yahoo.bg yahoo.ca yahoo.cl yahoo.co.id yahoo.co.il yahoo.co.in yahoo.co.kr yahoo.co.nz ' +
      'yahoo.co.th yahoo.co.uk yahoo.co.za yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.co yahoo.com.hk yahoo.com.hr ' +
      'yahoo.com.mx yahoo.com.my yahoo.com.pe yahoo.com.ph yahoo.com.sg yahoo.com.tr yahoo.com.tw yahoo.com.ua yahoo.com.ve ' +
      'yahoo.com.vn yahoo.cz yahoo.de yahoo.dk yahoo.ee yahoo.es yahoo.fi yahoo.fr yahoo.gr yahoo.hu yahoo.ie yahoo.in ' +
      'yahoo.it yahoo.lt yahoo.lv yahoo.nl yahoo.no yahoo.pl yahoo.pt yahoo.ro yahoo.se yahoo.sk y7mail.com ymail.com',
    tag: '-',
  },
  {
    // https://www.fastmail.help/hc/en-us/articles/360060591053
    domains:
      'fastmail.com fastmail.cn fastmail.co.uk fastmail.com.au fastmail.de fastmail.es fastmail.fm fastmail.fr fastmail.im ' +
      'fastmail.in fastmail.jp fastmail.mx fastmail.net fastmail.nl fastmail.org fastmail.se fastmail.to fastmail.tw ' +
      'fastmail.uk fastmail.us 123mail.org 150mail.com 150ml.com 16mail.com 2-mail.com 4email.net 50mail.com airpost.net ' +
      'allmail.net bestmail.us cluemail.com elitemail.org emailcorner.net emailengine.net emailengine.org emailgroups.net ' +
      'emailplus.org emailuser.net eml.cc f-m.fm fast-email.com fast-mail.org fastem.com fastemail.us fastemailer.com ' +
      'fastest.cc fastimap.com fastmailbox.net fastmessaging.com fea.st fmail.co.uk fmailbox.com fmgirl.com fmguy.com ' +
      'ftml.net h-mail.us hailmail.net imap-mail.com imap.cc imapmail.org inoutbox.com internet-e-mail.com ' +
      'internet-mail.org internetemails.net internetmailing.net jetemail.net justemail.net letterboxes.org ' +
      'mail-central.com mail-page.com mailandftp.com mailas.com mailbolt.com mailc.net mailcan.com mailforce.net ' +
      'mailftp.com mailhaven.com mailingaddress.org mailite.com mailmight.com mailnew.com mailsent.net mailservice.ms ' +
      'mailup.net mailworks.org ml1.net mm.st myfastmail.com mymacmail.com nospammail.net ownmail.net petml.com ' +
      'postinbox.com postpro.net proinbox.com promessage.com realemail.net reallyfast.biz reallyfast.info rushpost.com ' +
      'sent.as sent.at sent.com speedpost.net speedymail.org ssl-mail.com swift-mail.com the-fastest.net the-quickest.com ' +
      'theinternetemail.com veryfast.biz veryspeedy.net warpmail.net xsmail.com yepmail.net your-mail.com',
    subdomains: true,
  },
];

const providerByDomain = new Map(
  providers.flatMap((provider) => provider.domains.split(' ').map((domain) => [domain, provider] as const)),
);

/** One spelling of an address for all that reach the same mailbox. The domain is in ASCII and in lower case. */
export function foldMailboxAliases(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const name = address.slice(0, at).toLowerCase();
  const dot = domain.indexOf('.');
  const parent = domain.slice(dot + 1);
  if (providerByDomain.get(parent)?.subdomains) return `${domain.slice(0, dot)}@${parent}`;
  const {
    domains = domain,
    oneName,
    tag = '+',
    ignored: [ignored, replacement] = ['', ''],
  } = providerByDomain.get(domain) ?? {};
  const [base = ''] = name.split('+', 1)[0]?.split(tag, 1) ?? [];
  const [main = domain] = domains.split(' ', 1);
  return `${base.replaceAll(ignored, replacement)}@${oneName ? main : domain}`;
}
