/** Checks that data from the network or from storage has the documented shape. Not schemas: those stay on the server, and these cost a page few bytes. */
import type { Challenge, CheckResult, NotRequired } from '../protocol/schemas.js';
import type { ContactInput, SentChallenge } from './state-machine.js';

export function isChallenge(value: unknown): value is Challenge {
  return (
    hasFields<Challenge>(value, 'challenge purpose to channel', 'codeLength expiresIn resendIn') &&
    Array.isArray(value.methods) &&
    value.methods.every((method) => hasFields(method, 'channel to'))
  );
}

/** Accepts the documented answer only, so that no error page and no empty object ever waives a second factor. */
export function isNotRequired(value: unknown): value is NotRequired {
  return JSON.stringify(value) === '{"required":false}';
}

export function isCheckResult(value: unknown): value is CheckResult {
  return (
    hasFields<CheckResult>(value, 'proof purpose', 'expiresIn') &&
    (value.purpose === 'two-factor' || hasFields(value.contact, 'type value'))
  );
}

export function isEntry(value: unknown): value is ContactInput {
  return hasFields<ContactInput>(value, 'type') && typeof value.text === 'string';
}

/** The challenge of a contact needs what was typed: *Change number* returns to it. */
export function isSent(value: unknown): value is SentChallenge {
  return (
    hasFields<SentChallenge>(value, '', 'expiresAt resendAt') &&
    isChallenge(value.challenge) &&
    (value.challenge.purpose === 'two-factor' || isEntry(value.entry))
  );
}

/** Non-empty strings, and integers of at least zero, since a timer with NaN would fire at once. Names are separated by spaces. */
function hasFields<T>(value: unknown, strings: string, counts = ''): value is T {
  const fields = (value ?? {}) as Record<string, unknown>;
  return (
    (strings.match(/\w+/g) ?? []).every((name) => fields[name] && typeof fields[name] === 'string') &&
    (counts.match(/\w+/g) ?? []).every((name) => Number.isInteger(fields[name]) && (fields[name] as number) >= 0)
  );
}
