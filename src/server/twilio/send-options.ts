/** The optional parameters of a send. All are off unless the host sets them. Pure. */
import type { Channel, Contact } from '../../protocol/schemas.js';

/** docs/twilio-options.md explains each option and what it costs. */
export interface SendOptions {
  /**
   * The unique names of programmable rate limits that each service has. Twilio enforces them even if the store loses its
   * data or the credentials leak. docs/twilio-options.md says what each counts. Default none.
   */
  rateLimits?: { subject?: string; prefix?: string; total?: string };
  /** Sends the client address to Twilio's fraud check, of IPv6 the first address of its /64. Default false. */
  deviceIp?: boolean;
  /** Overrides the service's setting of Fraud Guard and geo permissions for text messages. `disable` allows toll fraud. Default: the service's setting. */
  riskCheck?: 'enable' | 'disable';
  /** At most ten. Keys and values have at most 128 characters. Twilio shows them in its logs and events, so they must not identify anybody. */
  tags?: Readonly<Record<string, string>>;
  /** Replaces the service's friendly name in the message. At most 30 characters, with at most four digits. */
  customFriendlyName?: string;
  /** HJ…. Replaces the service's default template in text messages and calls. The other channels have no templates. */
  templateSid?: string;
}

/** Who requests a code, and the contact that it goes to. `subject` and `address` are null if unknown. */
export interface SendSubject {
  subject: string | null;
  address: string | null;
  contact: Contact;
}

/** Makes the function that builds the parameters, under the SDK's names. */
export function createSendOptions(
  options: SendOptions,
): (who: SendSubject, channel: Channel, hmac: (text: string) => string) => Record<string, unknown> {
  const { rateLimits, deviceIp, riskCheck, tags, customFriendlyName, templateSid } = options;
  const fixed = {
    ...(tags === undefined ? {} : { tags: JSON.stringify(tags) }),
    ...(customFriendlyName === undefined ? {} : { customFriendlyName }),
  };
  return (who, channel, hmac) => ({
    ...fixed,
    ...(rateLimits ? { rateLimits: rateLimitParameters(rateLimits, who, hmac) } : {}),
    ...(deviceIp && who.address !== null ? { deviceIp: who.address.replace(/\/64$/, '') } : {}),
    ...(riskCheck !== undefined && channel === 'sms' ? { riskCheck } : {}),
    ...(templateSid !== undefined && (channel === 'sms' || channel === 'call') ? { templateSid } : {}),
  });
}

function rateLimitParameters(
  { subject, prefix, total }: NonNullable<SendOptions['rateLimits']>,
  who: SendSubject,
  hmac: (text: string) => string,
): Record<string, string> {
  const counted = who.subject === null ? ['address', who.address] : ['subject', who.subject];
  return {
    // Twilio wants no personal data here (https://www.twilio.com/docs/verify/api/programmable-rate-limits).
    ...(subject === undefined ? {} : { [subject]: hmac(JSON.stringify(['rate limit', ...counted])) }),
    ...(prefix === undefined || who.contact.type !== 'phone' ? {} : { [prefix]: who.contact.value.slice(1, 8) }),
    ...(total === undefined ? {} : { [total]: 'all' }),
  };
}
