/** The languages of Twilio's default templates, by channel. Source: twilio.com/docs/verify/supported-languages. */

import { countryOf } from '../model/countries.js';

const tags = (list: string): Set<string> => new Set(list.split(' '));

const text = tags(
  'af ar ca zh zh-cn zh-hk hr cs da nl en et fi fr de el he hi hu id it ja kn ko lt ms mr nb pl pt pt-br ro ru sk es sv ' +
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

const languageByCountry: Record<string, string> = {
  DE: 'de',
  AT: 'de',
  FR: 'fr',
  ES: 'es',
  MX: 'es',
  IT: 'it',
  BR: 'pt-BR',
  JP: 'ja',
};

/** The language of a message without `Locale`: that of the number's country if the emulator knows it, else English. */
export function localeOf(to: string): string {
  return languageByCountry[countryOf(to) ?? ''] ?? 'en';
}
