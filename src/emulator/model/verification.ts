/** The rules of one verification: its sends, checks and expiry. Pure: no clock, and nothing of the API's format. */
import type { DeliveryStatus } from './deliveries.js';
import type { Sid } from './identifiers.js';

/** Twilio sends at most five messages per verification. */
const MAX_SENDS = 5;
/** The fifth wrong code locks a verification. Twilio refuses further checks without a look at the code. */
const MAX_CHECKS = 5;

/** One message that was sent. It outlives its verification, and alone records afterwards that the code was right. */
export interface VerificationAttempt {
  readonly sid: Sid;
  readonly serviceSid: Sid;
  readonly verificationSid: Sid;
  readonly to: string;
  readonly channel: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly codeLength: number;
  readonly locale: string;
  /** The state of the destination when it was sent. */
  readonly delivery: DeliveryStatus;
  updatedAt: number;
  converted: boolean;
}

/** After `approved`, Twilio no longer finds the verification. */
type Status = 'pending' | 'approved' | 'canceled' | 'max_attempts_reached';

/** A verification as Twilio stores it. Times are milliseconds since 1970. */
export interface Verification {
  readonly sid: Sid;
  readonly serviceSid: Sid;
  readonly to: string;
  readonly createdAt: number;
  /** Counts from the first send. A resend does not extend it. */
  readonly expiresAt: number;
  readonly attempts: VerificationAttempt[];
  readonly reads: number[];
  code: string;
  amount: string | null;
  payee: string | null;
  channel: string;
  status: Status;
  updatedAt: number;
  wrongCodes: number;
}

/** Whether Twilio still finds it. */
export function isRetained(verification: Verification, now: number): boolean {
  return verification.status !== 'approved' && now < verification.expiresAt;
}

/** Decides what a send does, given the contact's active verification. */
export function decideSend(
  active: Verification | undefined,
  now: number,
): 'create' | 'resend' | 'too-many-sends' | 'locked' {
  if (!active || !isRetained(active, now) || active.status === 'canceled') return 'create';
  if (active.status === 'max_attempts_reached') return 'locked';
  return active.attempts.length >= MAX_SENDS ? 'too-many-sends' : 'resend';
}

/** Records a message with the verification's code, possibly on another channel. */
export function recordSend(verification: Verification, attempt: VerificationAttempt): void {
  verification.attempts.push(attempt);
  verification.channel = attempt.channel;
  verification.updatedAt = attempt.createdAt;
}

/** Records a check of a code. The fifth wrong code is still answered as wrong; it locks the verification for later checks. */
export function recordCheck(
  verification: Verification,
  isRight: boolean,
  now: number,
): 'approved' | 'wrong' | 'locked' | 'canceled' | 'gone' {
  if (!isRetained(verification, now)) return 'gone';
  if (verification.status === 'canceled') return 'canceled';
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

/**
 * Approves or cancels a pending verification at the application's request, or cancels a locked one if `cancelsLocked` says so.
 * Returns false if its status does not allow that.
 */
export function finish(
  verification: Verification,
  status: 'approved' | 'canceled',
  now: number,
  cancelsLocked = false,
): boolean {
  const isLocked = verification.status === 'max_attempts_reached' && status === 'canceled' && cancelsLocked;
  if (!isRetained(verification, now) || (verification.status !== 'pending' && !isLocked)) return false;
  verification.status = status;
  verification.updatedAt = now;
  return true;
}

/** Marks the Attempts that an approval converts. */
export function markConverted(verification: Verification, which: 'last' | 'all', now: number): void {
  for (const attempt of which === 'all' ? verification.attempts : verification.attempts.slice(-1)) {
    attempt.converted = true;
    attempt.updatedAt = now;
  }
}
