/** What Twilio's errors mean to a person, and to whoever set Twilio up. A table, https://www.twilio.com/docs/api/errors; Twilio's own words go nowhere. */
import type { ProblemCode } from '../../protocol/problems.js';

/** A call to Twilio that brought no success. Its message holds nothing that Twilio said and nothing that was sent. */
export class TwilioError extends Error {
  override readonly name = 'TwilioError';
  /**
   * `rejected`: Twilio answered 4xx. `indeterminate`: it may have acted (timeout, reset, 5xx, an answer that cannot be read).
   * `not-sent`: the request never left. `mismatched`: an answer about another verification than ours.
   */
  readonly kind: 'rejected' | 'indeterminate' | 'not-sent' | 'mismatched';
  readonly status: number | undefined;
  readonly code: number | undefined;
  /** seconds */
  readonly retryAfter: number | undefined;
  /** Which parameter Twilio objected to (error 60200). */
  readonly parameter: string | undefined;
  /** Which programmable rate limit was reached, by the unique name that the owner gave it. */
  readonly limit: string | undefined;
  /** For the log: a status, a system's code. */
  readonly reason: string;

  constructor(
    kind: TwilioError['kind'],
    reason: string,
    answer: Partial<Pick<TwilioError, 'status' | 'code' | 'retryAfter' | 'parameter' | 'limit'>> = {},
  ) {
    super(`Twilio: ${kind} (${reason}).`);
    this.kind = kind;
    this.reason = reason;
    this.status = answer.status;
    this.code = answer.code;
    this.retryAfter = answer.retryAfter;
    this.parameter = answer.parameter;
    this.limit = answer.limit;
  }

  /** Whether Twilio certainly did nothing, so that what was counted can be given back: not for 429, which says that somebody did too much. */
  get hadNoEffect(): boolean {
    return this.kind === 'not-sent' || (this.kind === 'rejected' && this.status !== 429);
  }
}

/** A problem for the person and, where the owner can do something about it, a sentence for the log. */
interface ErrorMapping {
  problem: ProblemCode;
  hint?: string;
}

const misconfigured = (hint: string): ErrorMapping => ({ problem: 'misconfigured', hint });
const inConsole = 'In the Twilio console,';

const meanings: Record<number, ErrorMapping> = {
  20001: misconfigured('Twilio misses a parameter: the installed twilio package may be too old.'),
  20003: misconfigured(
    `Twilio refused the credentials. ${inConsole} under Account › API keys & tokens, check the account SID, API key and secret.`,
  ),
  20004: misconfigured('Twilio refused the method: check twilio.baseUrl.'),
  20404: misconfigured(
    `There is no such Verify service in this account. ${inConsole} under Verify › Services, copy its SID (VA…).`,
  ),
  20429: {
    problem: 'unavailable',
    hint: 'Twilio answers that this account makes too many requests at once, or that a rate limit of the service is reached.',
  },
  21608: misconfigured(
    'This is a Twilio trial account: it sends to verified caller IDs only. Upgrade it, or verify the number under Phone Numbers › Verified Caller IDs.',
  ),
  60001: misconfigured('Silent network authentication is not set up with the carrier.'),
  60202: { problem: 'too-many-attempts' },
  60203: { problem: 'too-many-sends' },
  60204: misconfigured('The Verify service does not support a feature that was asked for; Twilio sales can enable it.'),
  60205: { problem: 'unsupported-channel' },
  60206: misconfigured(
    'The Verify service has PSD2 switched on. Under Verify › Services › Settings, switch it off, or use a service without it.',
  ),
  60212: { problem: 'resend-too-soon' },
  60214: misconfigured(
    'The Verify service has PSD2 switched on, which does not go with calls. Under Verify › Services › Settings, switch it off.',
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
    hint: 'Messages to China need vetting of the use case: ask Twilio support, or leave CN out of `countries`.',
  },
  60221: misconfigured('Twilio got no verification to check: the installed twilio package may be too old.'),
  60222: misconfigured(
    'The sender address of the e-mail integration is not verified in SendGrid, under Settings › Sender Authentication.',
  ),
  60223: {
    problem: 'unsupported-channel',
    hint: 'The channel is off in the Verify service. Under Verify › Services › (service) › its channel, switch it on, or leave it out of `channels`.',
  },
  60224: misconfigured(
    'The message template needs substitutions that are not given. Under Verify › Templates, choose one without variables for twilio.templateSid.',
  ),
  60227: {
    problem: 'unsupported-channel',
    hint: 'The message template does not support the channel. Under Verify › Templates, look at its channels, or leave twilio.templateSid out.',
  },
  60228: misconfigured(
    'There is no such message template. Under Verify › Templates, copy its SID (HJ…) to twilio.templateSid.',
  ),
  60229: misconfigured(
    'The message template has no translation for the language. Under Verify › Templates, add one, or leave twilio.templateSid out.',
  ),
  60238: {
    problem: 'blocked',
    hint: 'Twilio blocks the sending of codes: the account is under review, or the country is embargoed.',
  },
  60242: misconfigured('The WhatsApp template was not found. Under Verify › Services › WhatsApp, check the sender.'),
  60245: { problem: 'unavailable', hint: 'The WhatsApp sender has reached its messaging limit.' },
  60251: misconfigured('The templates parameter is invalid.'),
  60252: misconfigured('The message templates are invalid.'),
  60408: misconfigured('A template SID does not go with e-mail.'),
  60410: {
    problem: 'blocked',
    hint: 'Twilio Fraud Guard blocks this prefix for a while. See Verify › Fraud Guard; a number you trust goes to the safe list.',
  },
  60412: { problem: 'blocked', hint: 'Twilio took this for a fraudulent sign-up.' },
  60413: { problem: 'blocked', hint: 'Twilio refused this device.' },
  60602: misconfigured('An app hash goes with SMS only.'),
  60605: {
    problem: 'unsupported-contact',
    hint: 'The country is off. Under Verify › Geo permissions, switch it on, or name the others in `countries`.',
  },
};

/** What a failed send or check is to the person. A verification that is gone (404) means one thing to a check and another to a send. */
export function mapTwilioError(failure: TwilioError, act: 'send' | 'check'): ErrorMapping {
  if (failure.kind !== 'rejected') return { problem: 'unavailable' };
  if (act === 'check' && failure.status === 404) return { problem: 'code-expired' };
  if (failure.limit !== undefined && failure.status === 429) {
    return {
      problem: 'too-many-sends',
      hint: `The rate limit ${failure.limit} of the Verify service is reached. It lets through what its buckets say: https://www.twilio.com/docs/verify/api/service-rate-limits`,
    };
  }
  if (failure.code === 60200) return invalidParameter(failure, act);
  const known = failure.code === undefined ? undefined : meanings[failure.code];
  if (known) return known;
  if (failure.status === 429) return { problem: 'unavailable' };
  return misconfigured(
    `Twilio refused the request (HTTP ${failure.status}, error ${failure.code ?? 'unknown'}): https://www.twilio.com/docs/api/errors`,
  );
}

function invalidParameter({ parameter }: TwilioError, act: 'send' | 'check'): ErrorMapping {
  if (act === 'send' && (parameter === 'To' || parameter === undefined)) return { problem: 'invalid-contact' };
  if (act === 'send' && parameter === 'Channel') {
    return { problem: 'unsupported-channel', hint: 'Twilio does not know the channel: leave it out of `channels`.' };
  }
  if (act === 'check' && parameter === 'Code') {
    return misconfigured(
      'Twilio finds the code malformed: `twilio.codeLength` differs from that of the Verify service.',
    );
  }
  return misconfigured(`Twilio finds the parameter ${parameter ?? 'unknown'} invalid.`);
}
