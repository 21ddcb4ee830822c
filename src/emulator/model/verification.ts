/** The life of one verification: sends, tries, expiry. Pure rules over a record and a time: no words of the API, no clock. */
import type { Sid } from './identifiers.js';

/** Twilio sends at most five times in the life of a verification. */
export const MAX_SENDS = 5;
/** The fifth wrong code closes it; what comes after is refused unheard. */
export const MAX_CHECKS = 5;

/** One message that went out. It outlives its verification: it is all that is left to tell that a code was right. */
export interface Attempt {
  readonly sid: Sid;
  readonly serviceSid: Sid;
  readonly verificationSid: Sid;
  readonly to: string;
  readonly channel: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly codeLength: number;
  readonly locale: string;
  updatedAt: number;
  converted: boolean;
}

/** `approved` is the end: from then on Twilio no longer knows the verification. */
export type Status = 'pending' | 'approved' | 'canceled' | 'max_attempts_reached';

/** What Twilio remembers of a verification. Times are milliseconds. */
export interface Verification {
  readonly sid: Sid;
  readonly serviceSid: Sid;
  readonly to: string;
  readonly code: string;
  readonly createdAt: number;
  /** Counted from the first send; a resend does not move it. */
  readonly expiresAt: number;
  readonly amount: string | null;
  readonly payee: string | null;
  readonly attempts: Attempt[];
  readonly reads: number[];
  channel: string;
  status: Status;
  updatedAt: number;
  wrongCodes: number;
}

/** Whether Twilio still finds it. */
export function isRetained(verification: Verification, now: number): boolean {
  return verification.status !== 'approved' && now < verification.expiresAt;
}

/** What a send to a contact does, given what lives there already. */
export function decideSend(
  living: Verification | undefined,
  now: number,
): 'create' | 'resend' | 'too-many-sends' | 'locked' {
  if (!living || !isRetained(living, now) || living.status === 'canceled') return 'create';
  if (living.status === 'max_attempts_reached') return 'locked';
  return living.attempts.length >= MAX_SENDS ? 'too-many-sends' : 'resend';
}

/** Another message for the same code, perhaps by another channel. */
export function recordSend(verification: Verification, attempt: Attempt): void {
  verification.attempts.push(attempt);
  verification.channel = attempt.channel;
  verification.updatedAt = attempt.createdAt;
}

/** Hears a code. The fifth wrong one is still answered as wrong; only then is the door closed, to the right code too. */
export function submitCode(
  verification: Verification,
  isRight: boolean,
  now: number,
): 'approved' | 'wrong' | 'locked' | 'gone' {
  if (!isRetained(verification, now) || verification.status === 'canceled') return 'gone';
  if (verification.status === 'max_attempts_reached') return 'locked';
  verification.updatedAt = now;
  if (isRight) {
    verification.status = 'approved';
    return 'approved';
  }
  verification.wrongCodes += 1;
  if (verification.wrongCodes >= MAX_CHECKS) verification.status = 'max_attempts_reached';
  return 'wrong';
}

/** Ends a pending verification by the application's word. False if there is nothing to end. */
export function finish(verification: Verification, status: 'approved' | 'canceled', now: number): boolean {
  if (!isRetained(verification, now) || verification.status !== 'pending') return false;
  verification.status = status;
  verification.updatedAt = now;
  return true;
}

/** Marks the messages that an approval converts. */
export function markConverted(verification: Verification, which: 'last' | 'all', now: number): void {
  for (const attempt of which === 'all' ? verification.attempts : verification.attempts.slice(-1)) {
    attempt.converted = true;
    attempt.updatedAt = now;
  }
}
