/** What a caller may say about the emulated account: types and defaults only, no behaviour. */

/** One Verify service, with the switches that Twilio keeps in its console or with its support, not in its API. */
export interface ServiceOptions {
  /** `VA` and 32 hexadecimal digits. */
  sid: string;
  /** Stands in every message: "Your … verification code is". Default `Verify Contact`. */
  friendlyName?: string;
  /** 4 to 10. Default 6. */
  codeLength?: number;
  /** A verification's life from its first send. Default 600; Twilio's support sets 120 to 86,400, tests may go lower. */
  ttlSeconds?: number;
  /** Whether a mailer is attached; without one the e-mail channel is refused (60217). Default true. */
  mailer?: boolean;
  /** Channels switched on in the console. Default `sms call email whatsapp`. */
  channels?: string[];
  /** Geo permissions: ISO 3166-1 alpha-2 codes, or prefixes with their `+`. Default: every country. */
  geo?: { allow?: string[]; deny?: string[] };
  /** Prefixes that Fraud Guard blocks for SMS (60410), as `+447700`. */
  fraudPrefixes?: string[];
  /** Numbers, or prefixes of numbers, that are landlines. */
  landlines?: string[];
  /** A trial account sends to `verifiedNumbers` only (21608). Default false. */
  trial?: boolean;
  /** E.164. Default: none. */
  verifiedNumbers?: string[];
  /** Whether `Channel=auto` is understood (a pilot of Twilio's). Default false. */
  autoChannel?: boolean;
  /** Whether texts to China passed use case vetting; else 60220. Default false. */
  chinaVetted?: boolean;
  /** Whether an SMS goes out as RCS, which Twilio then names as the channel of the verification. Default false. */
  rcsUpgrade?: boolean;
  /** Whether texts to landlines are refused, where `lookupEnabled` is on as well. Default false. */
  skipSmsToLandlines?: boolean;
  /** Whether a verification names the carrier and line type of its number. Default false. */
  lookupEnabled?: boolean;
  /** Whether text messages end with a warning not to share the code. Default false. */
  doNotShareWarningEnabled?: boolean;
  /** Whether `CustomCode` of a send is taken. Default false. */
  customCodeEnabled?: boolean;
  /** Whether `Amount` and `Payee` are taken, and asked for again at the check. Default false. */
  psd2Enabled?: boolean;
  /** Whether a key must be pressed before a call reads the code out. Default true; shown, and without effect here. */
  dtmfInputRequired?: boolean;
}

/** What Twilio's documents leave open and nobody has observed: each guess has a name and can be turned. */
export interface Assumptions {
  /** The error for an absent `To` or `Channel`. */
  missingParameterCode: 20001 | 60200;
  /** The error when a programmable rate limit is used up; one user reports 60203. */
  rateLimitExceededCode: 20429 | 60203;
  /** The error for a send to a contact whose five tries are used up. */
  sendWhileLockedCode: 60202 | 60203;
  /** Whether a rate limit key nobody defined is passed over or refused (60200). */
  unknownRateLimit: 'ignore' | 'refuse';
  /** Whether a code that is too short or too long uses up one of the five tries. */
  malformedCodeCounts: boolean;
  /** Whether a second send to one contact is refused (60212) while the first is in flight. */
  concurrentSends: 'allow' | 'refuse';
  /** Whether reading one verification is limited to 60 a minute, 180 an hour and 250 a day. */
  pollLimits: boolean;
  /** Whether `A@x.org` and `a@x.org` are two contacts. */
  emailCaseSensitive: boolean;
  /** Which attempts an approval converts: the last one sent, or all of the verification. */
  conversion: 'last' | 'all';
  /** How many rate limits a service, and how many buckets a rate limit may have. */
  maxRateLimits: number;
  maxBuckets: number;
  /** HTTP statuses by Twilio code, in place of the table's own. */
  statuses: Record<number, number>;
}

/** The guesses that hold unless the caller turns them. */
export const defaultAssumptions: Assumptions = {
  missingParameterCode: 20001,
  rateLimitExceededCode: 20429,
  sendWhileLockedCode: 60202,
  unknownRateLimit: 'ignore',
  malformedCodeCounts: false,
  concurrentSends: 'allow',
  pollLimits: false,
  emailCaseSensitive: true,
  conversion: 'last',
  maxRateLimits: 10,
  maxBuckets: 10,
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
  /** `{{code}}`, `{{friendly_name}}` and `{{ttl}}`, in minutes, are filled in. */
  text: string;
  /** Default: the sid. */
  friendlyName?: string;
}

/** The account that the emulator plays. Everything is optional: the default is an account with two services. */
export interface EmulatorOptions {
  /** `AC` and 32 hexadecimal digits. Default: the same in every emulator. */
  accountSid?: string;
  /** Default `emulator-auth-token`. */
  authToken?: string;
  /** API keys (`SK…`) beside the auth token. Default: one. */
  apiKeys?: { sid: string; secret: string }[];
  /** Milliseconds since 1970. Default `Date.now`; `clock.advance` adds to it. */
  now?: () => number;
  /** Makes a code of that many digits. Default: from the platform's cryptographic random source. */
  random?: (length: number) => string;
  /** Waits for `delayMs` faults; rejects when the signal aborts. Default: a real timer. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The first is `services.contact`, the second `services.twoFactor`; absent ones are added. */
  services?: ServiceOptions[];
  /** Templates beside Twilio's default, for text messages and calls; a send or a service names one by its sid. */
  templates?: Template[];
  /** Decides whether a number in E.164 exists. Default: its shape alone. */
  strictNumbers?: (to: string) => boolean;
  /** What Lookup says of a number, by longest prefix (`+1900` → `premium`). Default: mobile. */
  lines?: Record<string, LineType>;
  /** Numbers that end in an error code meet that error: +44 7400 160203 gets 60203. Default false. */
  magicNumbers?: boolean;
  /** Serves the control plane under `/__emulator`. Default false. */
  control?: boolean;
  /** Turns guesses about what Twilio leaves open. */
  assume?: Partial<Assumptions>;
  /** The oldest are dropped beyond these. Defaults 1,000 messages, 10,000 calls, 10,000 attempts. */
  retention?: { messages?: number; calls?: number; attempts?: number };
}
