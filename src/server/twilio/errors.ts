/** Maps Twilio's errors (https://www.twilio.com/docs/api/errors) to a problem for the person and a hint for the owner. Never repeats Twilio's words. */
import type { ProblemCode } from '../../protocol/problems.js';

/** A failed call to Twilio. Its message contains nothing of Twilio's response and nothing of the request. */
export class TwilioError extends Error {
  override readonly name = 'TwilioError';
  /**
   * `rejected`: Twilio answered 4xx. `indeterminate`: it may have acted (timeout, reset, 5xx, an unreadable response).
   * `not-sent`: the request was not sent. `mismatched`: the response is about something else than what was asked.
   */
  readonly kind: 'rejected' | 'indeterminate' | 'not-sent' | 'mismatched';
  readonly status: number | undefined;
  readonly code: number | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
  /** The parameter that Twilio calls invalid (error 60200). */
  readonly parameter: string | undefined;
  /** The unique name of the programmable rate limit that was reached. */
  readonly limit: string | undefined;
  /** For the log: a status, or a code of the system. */
  readonly reason: string;

  constructor(
    kind: TwilioError['kind'],
    reason: string,
    details: Partial<Pick<TwilioError, 'status' | 'code' | 'retryAfter' | 'parameter' | 'limit'>> = {},
  ) {
    super(`Twilio: ${kind} (${reason}).`);
    this.kind = kind;
    this.reason = reason;
    this.status = details.status;
    this.code = details.code;
    this.retryAfter = details.retryAfter;
    this.parameter = details.parameter;
    this.limit = details.limit;
  }

  /** Whether Twilio certainly did nothing, so that the limits are refunded. Not for 429, which says that there were too many calls. */
  get hadNoEffect(): boolean {
    return this.kind === 'not-sent' || (this.kind === 'rejected' && this.status !== 429);
  }
}

/** A problem for the person and, if the owner can fix the cause, a sentence for the log. */
interface ErrorMapping {
  problem: ProblemCode;
  hint?: string;
}

const misconfigured = (hint: string): ErrorMapping => ({ problem: 'misconfigured', hint });
const inConsole = 'In the Twilio console,';

const mappings: Record<number, ErrorMapping> = {
  20001: misconfigured('Twilio says that a parameter is missing: the installed twilio package may be too old.'),
  20003: misconfigured(
    `Twilio refused the credentials. ${inConsole} under Account › API keys & tokens, check the account SID, API key and secret.`,
  ),
  20004: misconfigured('Twilio refused the method: check twilio.baseUrl.'),
  20404: misconfigured(
    `There is no such Verify service in this account. ${inConsole} under Verify › Services, copy its SID (VA…).`,
  ),
  20429: {
    problem: 'unavailable',
    hint: 'This account makes too many requests to Twilio at once, or a rate limit of the service is reached.',
  },
  21608: misconfigured(
    'This is a Twilio trial account: it sends to verified caller IDs only. Upgrade it, or verify the number under Phone Numbers › Verified Caller IDs.',
  ),
  60001: misconfigured('Silent network authentication is not set up with the carrier.'),
  60202: { problem: 'too-many-attempts' },
  60203: { problem: 'too-many-sends' },
  60204: misconfigured('The Verify service does not support a requested feature. Twilio sales can enable it.'),
  60205: { problem: 'unsupported-channel' },
  60206: misconfigured(
    'The Verify service has PSD2 switched on. Under Verify › Services › Settings, switch it off, or use a service without it.',
  ),
  60212: { problem: 'resend-too-soon' },
  60214: misconfigured(
    'The Verify service has PSD2 switched on, which does not allow calls. Under Verify › Services › Settings, switch it off.',
  ),
  60217: misconfigured(
    'The Verify service has no e-mail integration. Under Verify › Email integrations, create one with SendGrid, then choose it in the service under Email.',
  ),
  60218: misconfigured(
    'The SendGrid template of the e-mail integration is not active. In SendGrid, activate a version of it.',
  ),
  60219: misconfigured('The SendGrid template lacks {{twilio_code}} or {{twilio_message}}.'),
  60220: {
    problem: 'unsupported-contact',
    hint: 'Twilio must approve the use case for messages to China: ask Twilio support, or leave CN out of `countries`.',
  },
  60221: misconfigured('Twilio received no verification to check: the installed twilio package may be too old.'),
  60222: misconfigured(
    'The sender address of the e-mail integration is not verified in SendGrid, under Settings › Sender Authentication.',
  ),
  60223: {
    problem: 'unsupported-channel',
    hint: 'The channel is off in the Verify service. Under Verify › Services › (service) › its channel, switch it on, or leave it out of `channels`.',
  },
  60224: misconfigured(
    'The message template needs variables, and none are given. Under Verify › Templates, choose one without variables for twilio.templateSid.',
  ),
  60227: {
    problem: 'unsupported-channel',
    hint: 'The message template does not support the channel. Under Verify › Templates, check its channels, or leave twilio.templateSid out.',
  },
  60228: misconfigured(
    'There is no such message template. Under Verify › Templates, copy its SID (HJ…) to twilio.templateSid.',
  ),
  60229: misconfigured(
    'The message template has no translation for the language. Under Verify › Templates, add one, or leave twilio.templateSid out.',
  ),
  60238: {
    problem: 'blocked',
    hint: 'Twilio blocks codes: the account is under review, or the country is embargoed.',
  },
  60242: misconfigured('The WhatsApp template was not found. Under Verify › Services › WhatsApp, check the sender.'),
  60245: { problem: 'unavailable', hint: 'The WhatsApp sender has reached its messaging limit.' },
  60251: misconfigured('The templates parameter is invalid.'),
  60252: misconfigured('The message templates are invalid.'),
  60408: misconfigured('E-mail does not take a template SID.'),
  60410: {
    problem: 'blocked',
    hint: 'Twilio Fraud Guard blocks this prefix for a while. See Verify › Fraud Guard, and add numbers that you trust to the safe list.',
  },
  60412: { problem: 'blocked', hint: 'Twilio considers this sign-up fraudulent.' },
  60413: { problem: 'blocked', hint: 'Twilio refused this device.' },
  60602: misconfigured('Only SMS takes an app hash.'),
  60605: {
    problem: 'unsupported-contact',
    hint: 'The country is switched off. Under Verify › Geo permissions, switch it on, or list the other countries in `countries`.',
  },
};

/** Maps a failed send or check. A 404 of a check means that the code has expired; a 404 of a send means a wrong service SID. */
export function mapTwilioError(failure: TwilioError, operation: 'send' | 'check'): ErrorMapping {
  if (failure.kind !== 'rejected') return { problem: 'unavailable' };
  if (operation === 'check' && failure.status === 404) return { problem: 'code-expired' };
  if (failure.limit !== undefined && failure.status === 429) {
    return {
      problem: 'too-many-sends',
      hint: `The rate limit ${failure.limit} of the Verify service is reached. Its buckets set how much it allows: https://www.twilio.com/docs/verify/api/service-rate-limits`,
    };
  }
  if (failure.code === 60200) return invalidParameter(failure, operation);
  const known = failure.code === undefined ? undefined : mappings[failure.code];
  if (known) return known;
  if (failure.status === 429) return { problem: 'unavailable' };
  return misconfigured(
    `Twilio refused the request (HTTP ${failure.status}, error ${failure.code ?? 'unknown'}): https://www.twilio.com/docs/api/errors`,
  );
}

function invalidParameter({ parameter }: TwilioError, operation: 'send' | 'check'): ErrorMapping {
  if (operation === 'send' && (parameter === 'To' || parameter === undefined)) return { problem: 'invalid-contact' };
  if (operation === 'send' && parameter === 'Channel') {
    return { problem: 'unsupported-channel', hint: 'Twilio does not know the channel: leave it out of `channels`.' };
  }
  if (operation === 'check' && parameter === 'Code') {
    return misconfigured(
      'Twilio calls the code malformed: `twilio.codeLength` differs from the code length of the Verify service.',
    );
  }
  return misconfigured(`Twilio calls the parameter ${parameter ?? 'unknown'} invalid.`);
}
