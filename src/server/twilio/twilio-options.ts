/** The options of the Twilio account, and their defaults. options/twilio.ts says what each takes. */
import { checkOptions } from '../options/check-options.js';
import { twilioOptions } from '../options/twilio.js';
import { DEFAULT_CODE_LENGTH, type VerifyService } from '../options/verify-services.js';
import type { SendOptions } from './send-options.js';

export { LONG_CODE_LENGTH, type CodeService, type VerifyService } from '../options/verify-services.js';

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
   * VA…, another Verify service for two-factor. Twilio's code belongs to a service and a number: with one service,
   * a code phished on a sign-up page works at the sign-in. Required with `identify`, unless `twoFactor.required` is `never`.
   */
  twoFactorService?: string;
  /**
   * VA…, a third Verify service, whose codes have eight digits. It takes over where strangers have used up the wrong codes of a
   * contact. Default: none, and whoever has the phone waits up to a day.
   */
  longCodeService?: string;
  /** Digits in a code, as set in the first two services. Default 6. */
  codeLength?: number;
  /** Seconds until a verification expires, as set in each service. Default 600: Twilio's default, and the maximum of NIST SP 800-63B-4 section 3.1.3.2. */
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
  /**
   * Whether `baseUrl` may be plain http to another host than this machine, such as an emulator in a container. The credentials
   * then travel unencrypted, and an event warns at each start. Default false.
   */
  allowHttp?: boolean;
  /**
   * Milliseconds for one call, at most 20,000: the page gives up after 30 seconds, and the look-ups around a call take up to
   * ten. Default 10,000. A look-up has at most 3,000.
   */
  timeout?: number;
}

/** In digits, seconds and milliseconds. */
export const twilioDefaults = { codeLength: DEFAULT_CODE_LENGTH, lifetime: 600, timeout: 10_000 };

/**
 * The SID of each Verify service. Nothing is sent for two-factor or to long codes without a service of their own, so then any SID
 * will do. Throws a `TypeError` that names an option that is missing, wrong or unknown.
 */
export function parseServices(options: TwilioOptions): Record<VerifyService, string> {
  const { contactService, ...more } = checkOptions('twilio', twilioOptions, options);
  const { twoFactorService = contactService, longCodeService = contactService } = more;
  return { contact: contactService, 'two-factor': twoFactorService, 'long-code': longCodeService };
}
