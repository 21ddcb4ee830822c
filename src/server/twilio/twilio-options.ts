/** What a host says about its Twilio account, the defaults, and the check of its identifiers. */
import type { Purpose } from '../../protocol/schemas.js';
import type { SendOptions } from './send-options.js';

/** The account, its Verify services and how to reach them. */
export interface TwilioOptions extends SendOptions {
  /** AC… */
  accountSid: string;
  /** SK…, with its secret. It can be revoked alone. In place of it: the auth token. */
  apiKey?: string;
  /** Twilio shows it once, when you make the key. */
  apiSecret?: string;
  /** In place of the key. It opens the whole account. */
  authToken?: string;
  /** VA…, the Verify service for contacts. */
  contactService: string;
  /**
   * VA…, another Verify service for two-factor. Twilio's code and five attempts belong to a service and a number: with one
   * service, a code phished on a sign-up page opens the sign-in. Default: `contactService` serves both, and an event warns.
   */
  twoFactorService?: string;
  /** Digits in a code, as both services have it. Default 6, as Twilio's. */
  codeLength?: number;
  /** Seconds until a verification expires, as both services have it. Default 600, as Twilio's and the maximum of NIST SP 800-63B-4 section 3.1.3.2. */
  lifetime?: number;
  /**
   * Looks up the line type of a number before the first code goes there, and remembers it for a day. Twilio charges about
   * 0.008 USD each. Landlines are called; the others must be in `numberTypes`. If the look-up fails, nothing is sent. Default false.
   */
  lookup?: boolean;
  /** Replaces the network. It has the shape of `fetch`. */
  transport?: (request: Request) => Promise<Response>;
  /** Another host for Verify and Lookup, such as an emulator's. Default `https://verify.twilio.com` and `https://lookups.twilio.com`. */
  baseUrl?: string;
  /** Milliseconds for one call. Default 10,000. A look-up gets 3,000 at most. */
  timeout?: number;
}

/** Digits, seconds and milliseconds. */
export const twilioDefaults = { codeLength: 6, lifetime: 600, timeout: 10_000 };

/** The Verify service of each purpose. Throws a `TypeError` that names the option that is missing or malformed. */
export function parseServices(options: TwilioOptions): Record<Purpose, string> {
  const { accountSid, apiKey, apiSecret, authToken, contactService, twoFactorService = contactService } = options;
  if (!/^AC[0-9a-f]{32}$/i.test(accountSid))
    throw new TypeError('twilio.accountSid must be AC and 32 hexadecimal digits.');
  if (apiKey !== undefined ? !apiSecret : !authToken)
    throw new TypeError('twilio needs apiKey with apiSecret, or authToken.');
  for (const [name, sid] of Object.entries({ contactService, twoFactorService })) {
    if (!/^VA[0-9a-f]{32}$/i.test(sid)) throw new TypeError(`twilio.${name} must be VA and 32 hexadecimal digits.`);
  }
  return { contact: contactService, 'two-factor': twoFactorService };
}
