/** The languages of Twilio's default templates, by channel (https://www.twilio.com/docs/verify/supported-languages). */
import type { Channel } from '../../protocol/schemas.js';

const list = (tags: string): ReadonlyMap<string, string> =>
  new Map(tags.split(' ').map((tag) => [tag.toLowerCase(), tag]));

const sms = list(
  'af ar ca zh zh-CN zh-HK hr cs da nl en et fi fr de el he hi hu id it ja kn ko lt ms mr nb pl pt pt-BR ro ru sk es sv tl te th tr uk vi',
);
const call = list('ca zh zh-CN zh-HK da nl en en-GB fi fr de it ja ko nb pl pt pt-BR ru es sv');
const whatsapp = list(
  'af sq ar az bn bg ca zh-cn zh-hk zh-tw hr cs da nl en en-gb en-us et fil fi fr ka de el gu ha he hi hu id ga it ja kn kk rw ko ky lo lv lt mk ms ml mr nb fa pl pt-br pt-pt pa ro ru sr sk sl es es-ar es-es es-mx sw sv ta te th tr uk ur uz vi zu',
);
const byChannel: Partial<Record<Channel, ReadonlyMap<string, string>>> = { sms, call, whatsapp };

/** Language tags of browsers for which Twilio uses another tag. */
const aliases = new Map([
  ['no', 'nb'],
  ['nn', 'nb'],
  ['fil', 'tl'],
  ['iw', 'he'],
  ['in', 'id'],
  ['zh-hans', 'zh-cn'],
  ['zh-hant', 'zh-hk'],
  ['zh-tw', 'zh-hk'],
]);

/**
 * The closest language that Twilio has for this channel. If undefined, Twilio chooses by the number's country. Twilio refuses
 * a message with a tag that it does not know (error 60200). E-mail has no locale.
 */
export function twilioLocale(tag: string | undefined, channel: Channel): string | undefined {
  const known = byChannel[channel];
  if (!known || tag === undefined) return undefined;
  const subtags = tag.toLowerCase().split(/[-_]/);
  for (let length = subtags.length; length > 0; length -= 1) {
    const shorter = subtags.slice(0, length).join('-');
    const found = known.get(shorter) ?? known.get(aliases.get(shorter) ?? '');
    if (found !== undefined) return found;
  }
  return undefined;
}
