/** The rules of an authenticator app (a factor) and of its challenges. Pure: no clock, and nothing of the API's format. */
import type { Sid } from './identifiers.js';
import type { TotpConfig } from './totp.js';

/** The fifth wrong code locks a factor that is not verified yet, and a challenge. */
const MAX_CHECKS = 5;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An authenticator app of an entity. Times are milliseconds since 1970. */
export interface Factor {
  readonly sid: Sid;
  readonly serviceSid: Sid;
  readonly entitySid: Sid;
  readonly identity: string;
  readonly issuer: string;
  readonly createdAt: number;
  readonly secret: Uint8Array<ArrayBuffer>;
  /** When its challenges of the last day were created. */
  readonly challengedAt: number[];
  config: TotpConfig;
  friendlyName: string;
  metadata: object | null;
  status: 'unverified' | 'verified';
  updatedAt: number;
  wrongCodes: number;
  /** The latest step of time whose code was right. */
  lastStep: number;
}

/** One verification of a person who has a factor. */
export interface FactorChallenge {
  readonly sid: Sid;
  readonly factorSid: Sid;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly details: object | null;
  readonly hiddenDetails: object | null;
  metadata: object | null;
  isApproved: boolean;
  updatedAt: number;
  respondedAt: number | undefined;
  wrongCodes: number;
}

/** Whether Twilio has deleted a factor that was never verified. */
export function isDeleted({ status, createdAt }: Factor, unverifiedHours: number, now: number): boolean {
  return status === 'unverified' && now >= createdAt + unverifiedHours * HOUR_MS;
}

/** Whether one of these steps may have its code used. `once`: only a step after the last whose code was. */
export function takeStep(factor: Factor, steps: number[], once: boolean): boolean {
  const step = steps.find((one) => !once || one > factor.lastStep);
  if (step === undefined) return false;
  factor.lastStep = Math.max(factor.lastStep, step);
  return true;
}

/** Records the first code of a factor. The fifth wrong one is still answered as wrong; it locks the factor for later ones. */
export function recordFactorCheck(
  factor: Factor,
  isRight: () => boolean,
  now: number,
): 'verified' | 'wrong' | 'locked' {
  if (factor.wrongCodes >= MAX_CHECKS) return 'locked';
  factor.updatedAt = now;
  if (isRight()) {
    factor.status = 'verified';
    return 'verified';
  }
  factor.wrongCodes += 1;
  return 'wrong';
}

/** Counts a new challenge of the factor. Returns false if it has had too many: shorter codes allow fewer guesses. */
export function countChallenge(factor: Factor, now: number): boolean {
  const { challengedAt, config } = factor;
  const since = (ms: number): number => challengedAt.filter((at) => at > now - ms).length;
  const isShort = config.codeLength <= 4;
  if (since(DAY_MS) >= (isShort ? 10 : 100) || (!isShort && since(HOUR_MS) >= 50)) return false;
  challengedAt.splice(0, challengedAt.length, ...challengedAt.filter((at) => at > now - DAY_MS), now);
  return true;
}

/** The state of a challenge. */
export function challengeStatus(
  { isApproved, expiresAt }: FactorChallenge,
  now: number,
): 'pending' | 'approved' | 'expired' {
  if (isApproved) return 'approved';
  return now >= expiresAt ? 'expired' : 'pending';
}

/** Records the check of a code. */
export function recordChallengeCheck(
  challenge: FactorChallenge,
  isRight: () => boolean,
  now: number,
): 'approved' | 'wrong' | 'locked' | 'responded' | 'expired' {
  if (challenge.isApproved) return 'responded';
  if (now >= challenge.expiresAt) return 'expired';
  if (challenge.wrongCodes >= MAX_CHECKS) return 'locked';
  challenge.updatedAt = now;
  if (isRight()) {
    challenge.isApproved = true;
    challenge.respondedAt = now;
    return 'approved';
  }
  challenge.wrongCodes += 1;
  return 'wrong';
}

/** Whether a challenge is over for so long that its factor's limits forget it too. */
export function isForgotten({ createdAt, expiresAt }: FactorChallenge, now: number): boolean {
  return now >= Math.max(createdAt + DAY_MS, expiresAt);
}
