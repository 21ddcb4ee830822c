/** What a send tells Twilio beside destination, channel and language: options, all off unless the host wants them. Pure. */
import type { Channel } from '../../protocol/schemas.js';
import type { LimitSubject } from '../limits/rate-limits.js';

/** What docs/twilio-options.md explains, with what each costs. */
export interface SendOptions {
  /**
   * A second wall at Twilio, which stands when our store is lost or the credentials are: the unique names of programmable rate
   * limits, as both services have them. Counted are the subject (an HMAC of the user's id, or of the address where nobody is
   * signed in), the number's first seven digits, and all sends together. Default none.
   */
  rateLimits?: { subject?: string; prefix?: string; total?: string };
  /** Tells Twilio the client address, IPv6 as the first address of its /64, for its judgement of fraud. Default false. */
  deviceIp?: boolean;
  /** Fraud Guard and geo permissions for text messages, whatever the service says; `disable` opens the door to toll fraud. Default: what the service says. */
  riskCheck?: 'enable' | 'disable';
  /** At most ten, keys and values of at most 128 characters; they come back in Twilio's logs and events, and must name nobody. */
  tags?: Readonly<Record<string, string>>;
  /** In place of the service's friendly name in the message; at most 30 characters, with at most four digits. */
  customFriendlyName?: string;
  /** HJ…, in place of the service's default template; for text messages and calls, since the other channels have none. */
  templateSid?: string;
}

/** Makes the parameters, named as the SDK names them. Throws a `TypeError` of one sentence for what Twilio would refuse each time. */
export function createSendOptions(
  options: SendOptions,
): (asked: LimitSubject, channel: Channel, hash: (text: string) => string) => Record<string, unknown> {
  validateSendOptions(options);
  const { rateLimits, deviceIp, riskCheck, tags, customFriendlyName, templateSid } = options;
  const fixed = {
    ...(tags === undefined ? {} : { tags: JSON.stringify(tags) }),
    ...(customFriendlyName === undefined ? {} : { customFriendlyName }),
  };
  return (asked, channel, hash) => ({
    ...fixed,
    ...(rateLimits ? { rateLimits: rateLimitParameters(rateLimits, asked, hash) } : {}),
    ...(deviceIp && asked.address !== null ? { deviceIp: asked.address.replace(/\/64$/, '') } : {}),
    ...(riskCheck !== undefined && channel === 'sms' ? { riskCheck } : {}),
    ...(templateSid !== undefined && (channel === 'sms' || channel === 'call') ? { templateSid } : {}),
  });
}

function rateLimitParameters(
  { subject, prefix, total }: NonNullable<SendOptions['rateLimits']>,
  asked: LimitSubject,
  hash: (text: string) => string,
): Record<string, string> {
  const who = asked.subject === null ? ['address', asked.address] : ['subject', asked.subject];
  return {
    // Twilio asks for no personal data here (https://www.twilio.com/docs/verify/api/programmable-rate-limits).
    ...(subject === undefined ? {} : { [subject]: hash(JSON.stringify(['rate limit', ...who])) }),
    ...(prefix === undefined || asked.contact.type !== 'phone' ? {} : { [prefix]: asked.contact.value.slice(1, 8) }),
    ...(total === undefined ? {} : { [total]: 'all' }),
  };
}

function validateSendOptions({ rateLimits, tags, customFriendlyName: name, templateSid }: SendOptions): void {
  const names = Object.values(rateLimits ?? {}).filter((one) => one !== undefined);
  if (new Set(names).size < names.length || !names.every((one) => /^[\w.-]{1,64}$/.test(one)))
    throw new TypeError('twilio.rateLimits takes unique names of letters, digits, dots, dashes and underscores.');
  const all = Object.entries(tags ?? {});
  if (all.length > 10 || all.flat().some((text) => typeof text !== 'string' || text.length > 128))
    throw new TypeError('twilio.tags takes at most ten texts, names and values of at most 128 characters.');
  if (name !== undefined && (name === '' || name.length > 30 || (name.match(/\d/g) ?? []).length > 4))
    throw new TypeError('twilio.customFriendlyName takes 1 to 30 characters with at most four digits.');
  if (templateSid !== undefined && !/^HJ[0-9a-f]{32}$/i.test(templateSid))
    throw new TypeError('twilio.templateSid must be HJ and 32 hexadecimal digits.');
}
