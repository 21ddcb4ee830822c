/** Checks that data from the network or from storage has the documented shape. Not schemas: those stay on the server, and these cost a page few bytes. */
import type { Challenge, CheckResult, NotRequired } from '../protocol/schemas.js';
import { isKnownChannel, type ContactInput, type FlowProblem, type SentChallenge } from './state-machine.js';

/** No documented wait or lifetime is longer than this many seconds, a year. Later dates could overflow, and nobody would wait. */
const MAX_SECONDS = 31_622_400;

export function isChallenge(value: unknown): value is Challenge {
  return (
    hasFields<Challenge>(value, 'challenge to channel', 'expiresIn resendIn') &&
    isPurpose(value.purpose) &&
    isKnownChannel(value.channel) &&
    // The field draws a box for each digit.
    isCount(value.codeLength, 10) &&
    value.codeLength >= 4 &&
    Array.isArray(value.methods) &&
    value.methods.every((method) => hasFields(method, 'channel to'))
  );
}

/** Accepts the documented answer only, so that no error page and no empty object ever waives a second factor. */
export function isNotRequired(value: unknown): value is NotRequired {
  return !!value && (value as NotRequired).required === false && Object.keys(value).length === 1;
}

export function isCheckResult(value: unknown): value is CheckResult {
  return (
    hasFields<CheckResult>(value, 'proof', 'expiresIn') &&
    isPurpose(value.purpose) &&
    (value.purpose === 'two-factor' || (hasFields(value.contact, 'value') && isContactType(value.contact?.type)))
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
function isCount(value: unknown, max = MAX_SECONDS): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
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

const isPurpose = (value: unknown) => value === 'contact' || value === 'two-factor';

const isContactType = (value: unknown) => value === 'phone' || value === 'email';

/** Non-empty strings, and counts. Names are separated by spaces. */
function hasFields<T>(value: unknown, strings: string, counts = ''): value is T {
  const fields = (value ?? {}) as Record<string, unknown>;
  return (
    (strings.match(/\w+/g) ?? []).every((name) => fields[name] && typeof fields[name] === 'string') &&
    (counts.match(/\w+/g) ?? []).every((name) => isCount(fields[name]))
  );
}
