/** The documented shapes, to judge what comes from the network or from storage. No schemas: those stay on the server, these guard a page in a few bytes. */
import type { Challenge, CheckResult, NotRequired } from '../protocol/schemas.js';
import type { ContactInput, SentChallenge } from './state-machine.js';

export function isChallenge(value: unknown): value is Challenge {
  return (
    hasFields<Challenge>(value, 'challenge purpose to channel', 'codeLength expiresIn resendIn') &&
    Array.isArray(value.methods) &&
    value.methods.every((method) => hasFields(method, 'channel to'))
  );
}

/** Nothing but the documented answer, so that no error page and no empty object ever lifts a second factor. */
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

/** A contact's challenge without what was typed would leave *Change number* without a way. */
export function isSent(value: unknown): value is SentChallenge {
  return (
    hasFields<SentChallenge>(value, '', 'expiresAt resendAt') &&
    isChallenge(value.challenge) &&
    (value.challenge.purpose === 'two-factor' || isEntry(value.entry))
  );
}

/** Texts with something in them, and whole numbers not below zero: a timer that got NaN would fire at once. Names are divided by spaces. */
function hasFields<T>(value: unknown, texts: string, counts = ''): value is T {
  const fields = (value ?? {}) as Record<string, unknown>;
  return (
    (texts.match(/\w+/g) ?? []).every((name) => fields[name] && typeof fields[name] === 'string') &&
    (counts.match(/\w+/g) ?? []).every((name) => Number.isInteger(fields[name]) && (fields[name] as number) >= 0)
  );
}
