/** The options of an emulated account: types and defaults, no behaviour. */
import type { DeliveryStatus } from './deliveries.js';

/** One Verify service, with the settings that Twilio offers in its console or through its support, not in its API. */
export interface ServiceOptions {
  /** `VA` and 32 hexadecimal digits. */
  sid: string;
  /** The name in every message: "Your … verification code is". Default `Verify Contact`. */
  friendlyName?: string;
  /** Digits of a code, 4 to 10. Default 6. */
  codeLength?: number;
  /** A verification's lifetime from its first send. Default 600. Twilio's support sets 120 to 86,400; a test may set less. */
  ttlSeconds?: number;
  /** Whether a mailer is attached. Without one, sends by e-mail fail (60217). Default true. */
  mailer?: boolean;
  /** The enabled channels. Default `sms`, `call`, `email` and `whatsapp`. */
  channels?: string[];
  /** Geo permissions: ISO 3166-1 alpha-2 codes, or prefixes that start with `+`. Default: every country. */
  geo?: { allow?: string[]; deny?: string[] };
  /** Prefixes that Fraud Guard blocks for SMS (60410), such as `+447700`. */
  fraudPrefixes?: string[];
  /** Numbers, or prefixes of numbers, that are landlines. */
  landlines?: string[];
  /** Whether this is a trial account, which sends to `verifiedNumbers` only (21608). Default false. */
  trial?: boolean;
  /** E.164. Default: none. */
  verifiedNumbers?: string[];
  /** Whether the service accepts `Channel=auto`, a pilot of Twilio's. Default false. */
  autoChannel?: boolean;
  /** Whether SMS to China passed use case vetting. If not, they fail (60220). Default false. */
  chinaVetted?: boolean;
  /** Whether an SMS is sent as RCS. Twilio then names `rcs` as the verification's channel. Default false. */
  rcsUpgrade?: boolean;
  /** Whether SMS to landlines fail (60205). Needs `lookupEnabled`. Default false. */
  skipSmsToLandlines?: boolean;
  /** Whether a verification includes the carrier and line type of its number. Default false. */
  lookupEnabled?: boolean;
  /** Whether an SMS ends with a warning not to share the code. Default false. */
  doNotShareWarningEnabled?: boolean;
  /** Whether a send may set `CustomCode`. Default false. */
  customCodeEnabled?: boolean;
  /** Whether a send may set `CustomMessage`. Default false. */
  customMessageEnabled?: boolean;
  /**
   * The link in the e-mail's template at SendGrid, with `{{twilio_code}}` and the names of substitutions:
   * `https://app.example/verify?code={{twilio_code}}`. Default: none.
   */
  magicLink?: string;
  /** Whether sends and checks need `Amount` and `Payee`. Default false. */
  psd2Enabled?: boolean;
  /** Whether a call reads the code out only after a key press. Default true. The emulator shows it and otherwise ignores it. */
  dtmfInputRequired?: boolean;
  /** How authenticator apps are set up. Default: the friendly name as issuer, steps of 30 seconds, 6 digits, a skew of 1. */
  totp?: { issuer?: string; timeStep?: number; codeLength?: number; skew?: number };
}

/** Guesses about what Twilio's documents leave open and nobody has observed. You can change each of them. */
export interface Assumptions {
  /** The error for a missing `To` or `Channel`. Default 20001. */
  missingParameterCode: 20001 | 60200;
  /** The error of a programmable rate limit that is exceeded. Default 20429; one user reports 60203. */
  rateLimitExceededCode: 20429 | 60203;
  /** The error for a send to a contact after five wrong codes. Default 60202. */
  sendWhileLockedCode: 60202 | 60203;
  /** Whether an undefined rate limit key is ignored, as by default, or refused (60200). */
  unknownRateLimit: 'ignore' | 'refuse';
  /** Whether a code that is too short or too long counts as one of the five attempts. Default false. */
  malformedCodeCounts: boolean;
  /** What a `Locale` that the channel lacks leads to: an error, or the default language. Default 60200, which users see; Twilio's page on languages says 404. */
  unsupportedLocale: 60200 | 20404 | 'fallback';
  /** The error for a check after five wrong codes. Default 60202, which users see; Twilio's guide to testing says 404. */
  checkWhileLockedCode: 60202 | 20404;
  /** Whether an application may cancel a verification after five wrong codes. By default it may not: the verification is not found. */
  cancelWhileLocked: 20404 | 'allow';
  /** What a check of a canceled verification gets: an error, as by default, or a 200 with the status `canceled`. */
  checkAfterCancel: 20404 | 'canceled';
  /**
   * What a resend with another `CustomCode` does. `replace` (default): the verification takes the new code. `create`: it is
   * canceled, and a new one starts. `keep`: the old code is sent again. 60200: the send is refused.
   */
  otherCustomCode: 'replace' | 'create' | 'keep' | 60200;
  /** The same for a resend with another `Amount` or `Payee`. Default `create`: Twilio says that a code belongs to one payment. */
  otherPayment: 'create' | 'replace' | 'keep' | 60200;
  /** Whether a `CustomCode` for a service that does not allow it is ignored. Default `ignore`, which users see; Twilio's dictionary says 60204. */
  disabledCustomCode: 'ignore' | 60204;
  /** What a check with both `To` and `VerificationSid` follows. Default `sid`. `both`: they must name one verification. 60200: the check is refused. */
  toBesideSid: 'sid' | 'to' | 'both' | 60200;
  /** What a body gets whose type is neither of HTML's two forms: an error, as by default, or it is read as a form. */
  otherContentType: 68004 | 'read';
  /** The error for a wrong value in a query, except `PageSize` (60373). Default 60200. */
  invalidQueryCode: 60200 | 20001;
  /** The largest `PageSize`. Default 1000, as in Twilio's reference; its page on 60373 says 25. */
  maxPageSize: number;
  /** Whether a second send to one contact is refused (60212) while the first is in flight. Default `allow`. */
  concurrentSends: 'allow' | 'refuse';
  /** Whether reading one verification is limited to 60 a minute, 180 an hour and 250 a day. Default false. */
  pollLimits: boolean;
  /** Whether `A@x.org` and `a@x.org` are two contacts. Default true. */
  emailCaseSensitive: boolean;
  /** Which Attempts an approval converts: the last one, as by default, or all of the verification. */
  conversion: 'last' | 'all';
  /** Seconds until an Attempt has its final status. Until then it is `sent`, or `ringing`. Default 0. */
  deliveryReportSeconds: number;
  /** The name under which an Attempt by call has its status. Default `call_status`: Twilio's reference names the values, not the field. */
  callStatusName: 'call_status' | 'message_status';
  /** How many rate limits a service may have. Default 10. */
  maxRateLimits: number;
  /** How many buckets a rate limit may have. Default 10. */
  maxBuckets: number;
  /** What the wrong first code of a factor gets. Default `unverified`, a 200 with that status, as in Twilio's samples; its dictionary says 60311. */
  wrongFactorCode: 'unverified' | 60311;
  /** What a wrong code gets when a challenge is created or updated. Default `pending`, a success with that status, as in Twilio's samples; its dictionary says 60324. */
  wrongChallengeCode: 'pending' | 60324;
  /** Whether the code of an authenticator app passes again while it is valid. Default `accept`: Twilio's documents promise nothing else. */
  repeatedTotpCode: 'accept' | 'refuse';
  /** Whether a wrong code for a factor that is verified already is ignored, as by default, or refused. */
  codeForVerifiedFactor: 'ignore' | 60311;
  /** Hours until Twilio deletes a factor that was never verified, 1 to 24. Default 24. */
  unverifiedFactorHours: number;
  /** HTTP statuses by Twilio error code. They override the emulator's own table. */
  statuses: Record<number, number>;
}

/** The guesses that apply unless you change them. */
export const defaultAssumptions: Assumptions = {
  missingParameterCode: 20001,
  rateLimitExceededCode: 20429,
  sendWhileLockedCode: 60202,
  unknownRateLimit: 'ignore',
  malformedCodeCounts: false,
  unsupportedLocale: 60200,
  checkWhileLockedCode: 60202,
  cancelWhileLocked: 20404,
  checkAfterCancel: 20404,
  otherCustomCode: 'replace',
  otherPayment: 'create',
  disabledCustomCode: 'ignore',
  toBesideSid: 'sid',
  otherContentType: 68004,
  invalidQueryCode: 60200,
  maxPageSize: 1000,
  concurrentSends: 'allow',
  pollLimits: false,
  emailCaseSensitive: true,
  conversion: 'last',
  deliveryReportSeconds: 0,
  callStatusName: 'call_status',
  maxRateLimits: 10,
  maxBuckets: 10,
  wrongFactorCode: 'unverified',
  wrongChallengeCode: 'pending',
  repeatedTotpCode: 'accept',
  codeForVerifiedFactor: 'ignore',
  unverifiedFactorHours: 24,
  statuses: {},
};

/** Line types as Lookup v2 names them. */
export type LineType =
  | 'mobile'
  | 'landline'
  | 'fixedVoip'
  | 'nonFixedVoip'
  | 'personal'
  | 'tollFree'
  | 'premium'
  | 'voicemail'
  | 'pager'
  | 'unknown';

/** A message text that Twilio has approved for the account. */
export interface Template {
  /** `HJ` and 32 hexadecimal digits. */
  sid: string;
  /** May contain `{{code}}`, `{{friendly_name}}` and `{{ttl}}` (minutes). */
  text: string;
  /** Default: the sid. */
  friendlyName?: string;
}

/** Options of the emulated account. All are optional: the default is an account with two services. */
export interface EmulatorOptions {
  /** `AC` and 32 hexadecimal digits. Default: the same in every emulator. */
  accountSid?: string;
  /** Default `emulator-auth-token`. */
  authToken?: string;
  /** API keys (`SK…`), which work beside the auth token. Default: one. */
  apiKeys?: { sid: string; secret: string }[];
  /** Milliseconds since 1970. Default `Date.now`; `clock.advance` adds to it. */
  now?: () => number;
  /** Generates a code of that many digits. Default: from the platform's cryptographic random source. */
  random?: (length: number) => string;
  /**
   * One code for every verification, or codes by destination; 4 to 10 digits. A send's `CustomCode` goes before it.
   * ANYONE WHO KNOWS IT PASSES EVERY VERIFICATION: for demos and for the reviewers of an app store, never for real users.
   */
  fixedCode?: string | Record<string, string>;
  /** Waits for the `delayMs` of a fault. Must reject when the signal aborts. Default: a real timer. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The first becomes `services.contact`, the second `services.twoFactor`. The emulator adds the missing ones. */
  services?: ServiceOptions[];
  /** Templates for SMS and calls, beside Twilio's default. A send or a service names one by its sid. */
  templates?: Template[];
  /** Decides whether an E.164 number exists. Default: every number of the right form does. */
  strictNumbers?: (to: string) => boolean;
  /** The line type in Lookup by number prefix (`+1900` → `premium`). The longest prefix applies. Default: mobile. */
  lineTypes?: Record<string, LineType>;
  /** The state of numbers and addresses: `{'+447400123456': 'switched-off'}`. Default: every message is delivered. */
  deliveries?: Record<string, DeliveryStatus>;
  /** Whether a number that ends in an error code gets that error: +44 7400 160203 gets 60203. Default false. */
  magicNumbers?: boolean;
  /** Whether to serve the control plane under `/__emulator`. Default false. */
  control?: boolean;
  /** Host names by which the control plane may be called, beside the loopback ones: that of a container, for instance. Default: none. */
  allowedHosts?: string[];
  /** Changes guesses about what Twilio leaves open. */
  assume?: Partial<Assumptions>;
  /**
   * How many records the emulator keeps before it drops the oldest. Default: 1,000 messages, 10,000 calls, 10,000 Attempts,
   * 1,000 verifications that are over.
   */
  retention?: { messages?: number; calls?: number; attempts?: number; verifications?: number };
  /** Takes what the emulator says of a mistake of its own, which is a 500 and no injected fault. Default: `console.error`. */
  log?: (text: string) => void;
}
