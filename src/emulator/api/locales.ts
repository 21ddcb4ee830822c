/**
 * The languages of Twilio's default templates, by channel. Source: twilio.com/docs/verify/supported-languages. `en-GB` by SMS
 * is missing there, but it is the default language of British numbers.
 */

const tags = (list: string): Set<string> => new Set(list.split(' '));

const text = tags(
  'af ar ca zh zh-cn zh-hk hr cs da nl en en-gb et fi fr de el he hi hu id it ja kn ko lt ms mr nb pl pt pt-br ro ru sk es sv ' +
    'tl te th tr uk vi',
);
const voice = tags('ca zh zh-cn zh-hk da nl en en-gb fi fr de it ja ko nb pl pt pt-br ru es sv');
const whatsapp = tags(
  'af sq ar az bn bg ca zh-cn zh-hk zh-tw hr cs da nl en en-gb en-us et fil fi fr ka de el gu ha he hi hu id ga it ja kn ' +
    'kk rw ko ky lo lv lt mk ms ml mr nb fa pl pt-br pt-pt pa ro ru sr sk sl es es-ar es-es es-mx sw sv ta te th tr uk ' +
    'ur uz vi zu',
);

/** Whether Twilio accepts the language on that channel. E-mail accepts all: its templates are not Twilio's. */
export function isLocale(channel: string, locale: string): boolean {
  const tag = locale.toLowerCase().replace('_', '-');
  switch (channel) {
    case 'email':
    case 'sna':
      return true;
    case 'call':
      return voice.has(tag);
    case 'whatsapp':
      return whatsapp.has(tag);
    default:
      return text.has(tag);
  }
}

/**
 * Language by calling code. Source: twilio.com/docs/verify/default-phone-verification-languages, where Romania has the code of
 * Burkina Faso by mistake, and the Dominican Republic one of its three.
 */
const defaults = {
  af: '27',
  ar: '20 965 966 968 971',
  de: '41 43 49 352',
  el: '357',
  en: '91',
  'en-GB': '44',
  es: '34 51 52 53 54 56 57 58 502 503 504 505 506 507 591 593 595 598 1809 1829 1849',
  et: '372',
  fr: '32 33 377',
  id: '62',
  it: '39 378 379',
  ja: '81',
  lt: '370',
  pl: '48',
  pt: '55 351',
  ro: '40',
  sk: '421',
  uk: '380',
  vi: '84',
  'zh-CN': '86',
};

const defaultByCode = new Map(
  Object.entries(defaults).flatMap(([locale, codes]) => codes.split(' ').map((code) => [code, locale])),
);

/** The language of a message without `Locale`: that of the number's calling code, or English if the channel lacks it. */
export function localeOf(to: string, channel: string): string {
  const code = [4, 3, 2].map((length) => to.slice(1, 1 + length)).find((start) => defaultByCode.has(start));
  const locale = defaultByCode.get(code ?? '') ?? 'en';
  return to.startsWith('+') && isLocale(channel, locale) ? locale : 'en';
}
