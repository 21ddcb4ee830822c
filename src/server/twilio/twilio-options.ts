/** The options of the Twilio account, their defaults, and the validation of the identifiers. */
import type { Purpose } from '../../protocol/schemas.js';
import type { SendOptions } from './send-options.js';

/** The account, its Verify services, and how to reach them. */
export interface TwilioOptions extends SendOptions {
  /** AC… */
  accountSid: string;
  /** SK…. Needs `apiSecret`. Unlike the auth token, you can revoke it alone. */
  apiKey?: string;
  /** The secret of `apiKey`. Twilio shows it once, when you create the key. */
  apiSecret?: string;
  /** Instead of the API key. It gives access to the whole account. */
  authToken?: string;
  /** VA…, the Verify service for contacts. */
  contactService: string;
  /**
   * VA…, another Verify service for two-factor. Twilio's code and five attempts belong to a service and a number: with one
   * service, a code phished on a sign-up page works at the sign-in. Default: `contactService` serves both, and an event warns.
   */
  twoFactorService?: string;
  /** Digits in a code, as set in both services. Default 6, Twilio's default. */
  codeLength?: number;
  /** Seconds until a verification expires, as set in both services. Default 600: Twilio's default, and the maximum of NIST SP 800-63B-4 section 3.1.3.2. */
  lifetime?: number;
  /**
   * Looks up the line type of a number before its first code, and caches it for a day. Twilio charges about 0.008 USD for each.
   * Landlines are called; the others must be in `numberTypes`. If the look-up fails, nothing is sent. Default false.
   */
  lookup?: boolean;
  /** Replaces the network. Works like `fetch`. */
  transport?: (request: Request) => Promise<Response>;
  /** Another host for Verify and Lookup, such as the emulator. Default `https://verify.twilio.com` and `https://lookups.twilio.com`. */
  baseUrl?: string;
  /** Milliseconds for one call. Default 10,000. A look-up has at most 3,000. */
  timeout?: number;
}

/** In digits, seconds and milliseconds. */
export const twilioDefaults = { codeLength: 6, lifetime: 600, timeout: 10_000 };

/** The Verify service of each purpose. Throws a `TypeError` that names a missing or malformed option. */
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
