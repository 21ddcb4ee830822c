/** Checks that data from the network or from storage has the documented shape. Not schemas: those stay on the server, and these cost a page few bytes. */
import type { Challenge, CheckResult, NotRequired } from '../protocol/schemas.js';
import { isKnownChannel } from './known-channels.js';
import type { ContactInput, FlowProblem, SentChallenge } from './state-machine.js';

/** No documented wait or lifetime is longer than this many seconds, a year. Later dates could overflow, and nobody would wait. */
const MAX_SECONDS = 31_622_400;

export function isChallenge(value: unknown): value is Challenge {
  return (
    hasTexts<Challenge>(value, 'challenge purpose to channel') &&
    isCount(value.expiresIn) &&
    isCount(value.resendIn) &&
    isKnownChannel(value.channel) &&
    // The field draws a box for each digit.
    isCount(value.codeLength, 10, 4) &&
    Array.isArray(value.methods) &&
    value.methods.every((method) => hasTexts(method, 'channel to'))
  );
}

/** Accepts the documented answer only, so that no error page and no empty object ever waives a second factor. */
export function isNotRequired(value: unknown): value is NotRequired {
  return JSON.stringify(value) === '{"required":false}';
}

export function isCheckResult(value: unknown): value is CheckResult {
  return (
    hasTexts<CheckResult>(value, 'proof purpose') &&
    isCount(value.expiresIn) &&
    (value.purpose === 'two-factor' || (hasTexts(value.contact, 'value') && isContactType(value.contact?.type)))
  );
}

/** The problem without the numbers that are none. One without a code is `unavailable`. */
export function toProblem(value: unknown): FlowProblem {
  const { code, attemptsLeft, retryIn } = (value ?? {}) as Partial<FlowProblem>;
  const count = (field: unknown) => (isCount(field) ? field : undefined);
  return {
    code: code && typeof code === 'string' ? code : 'unavailable',
    attemptsLeft: count(attemptsLeft),
    retryIn: count(retryIn),
  };
}

/** A whole number of at least zero, since a timer with NaN would fire at once. */
function isCount(value: unknown, max = MAX_SECONDS, min = 0): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

export function isEntry(value: unknown): value is ContactInput {
  const { type, text, country = '' } = (value ?? {}) as Record<string, unknown>;
  return isContactType(type) && typeof text === 'string' && typeof country === 'string';
}

/** The challenge of a contact needs what was typed: *Change number* returns to it. */
export function isSent(value: unknown): value is SentChallenge {
  const { challenge, entry, expiresAt, resendAt } = (value ?? {}) as Partial<SentChallenge>;
  return (
    isCount(expiresAt, Infinity) &&
    isCount(resendAt, Infinity) &&
    isChallenge(challenge) &&
    (challenge.purpose === 'two-factor' || isEntry(entry))
  );
}

const isContactType = (value: unknown) => value === 'phone' || value === 'email';

/** Whether these fields, separated by spaces, are non-empty strings. */
function hasTexts<T>(value: unknown, names: string): value is T {
  const fields = (value ?? {}) as Record<string, unknown>;
  return names.split(' ').every((name) => fields[name] && typeof fields[name] === 'string');
}
