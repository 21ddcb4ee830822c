/** How a check ends: approved and spent, refused, or lost on the way. What is written here is what a repeated request is told. */
import type { Asker } from '../requester.js';
import type { ChallengeData } from '../../tokens/challenge-token.js';
import type { Held } from './idempotency.js';
import { mask } from '../../contacts/parse-contact.js';
import type { Asked, CheckGrant } from '../../limits/rate-limits.js';
import type { Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';
import { ttl, written, type CheckAnswer, type Claim, type Found, type Slot } from '../../store/records.js';
import { forgetLiving } from '../send/send-lock.js';

/** One check on its way. */
export interface Check {
  parts: Parts;
  asker: Asker;
  data: ChallengeData;
  subject: string | null;
  code: string;
  /** HMACs of code and subject, by which a claim knows its own again. */
  print: Pick<Claim, 'code' | 'subject'>;
  slot: Slot<Claim>;
  /** Whether Twilio has been asked: from then on a claim is dropped only for an answer. */
  asked: boolean;
}

/** The check as the limits count it. */
export function askedOf({ data, subject, asker }: Check): Asked {
  const country = data.country === undefined ? {} : { country: data.country };
  return { purpose: data.purpose, subject, address: asker.address, contact: data.contact, ...country };
}

/** What any word but `approved` means; a word that we do not know is no success. */
export function refused({ parts, data }: Check, status: string, grant: CheckGrant): CheckAnswer {
  const now = parts.now();
  switch (status) {
    case 'pending': {
      const wait = grant.retryIn > 0 ? { until: now + grant.retryIn * 1000 } : {};
      return { problem: 'wrong-code', attemptsLeft: Math.max(0, grant.attemptsLeft), ...wait };
    }
    case 'max_attempts_reached':
      return { problem: 'too-many-attempts', until: data.expiresAt };
    case 'canceled':
    case 'expired':
    case 'deleted':
    case 'failed':
      return { problem: 'code-expired' };
    default:
      parts.emit({ type: 'unavailable', part: 'twilio', reason: 'a status that no check has' });
      throw new ProblemError('unavailable');
  }
}

/** The problem of a check whose end nobody knows: claim and hold stay, so that the same request can find out. */
export class Lost extends Error {
  readonly problem: ProblemError;
  constructor(problem: ProblemError) {
    super('Twilio gave no answer.');
    this.problem = problem;
  }
}

/** Marks claim and hold as lost. */
export async function lose(check: Check, claim: Found<Claim>, held: Held, error: unknown): Promise<never> {
  const { parts, slot, data } = check;
  await slot.swap(claim, { ...claim.value, lost: true }, ttl.claim, parts.now());
  await parts.records
    .checking(data.verification)
    .swap(held.found, { ...held.found.value, lost: true }, spentFor(check), parts.now());
  throw error instanceof ProblemError ? new Lost(error) : error;
}

/** Twilio said yes: from here on the verification is spent, and by this claim alone. */
export async function approve(check: Check, claim: Found<Claim>, held: Held): Promise<Found<Claim> | null> {
  const { parts, data, slot } = check;
  const now = parts.now();
  const other = await parts.records
    .used(data.verification)
    .claim({ ...held.found.value, at: now }, spentFor(check), now);
  if (other && other.value.claim !== slot.key) throw new ProblemError('code-expired');
  const answered = await answer(check, claim, fresh(check));
  tell(check, true);
  await release(check, held);
  await forgetLiving(parts, data.purpose, data.contact, data.verification);
  return answered;
}

/** Tells the host how a check ended. */
export function tell({ parts, data }: Check, right: boolean): void {
  const { purpose, channel, contact } = data;
  const country = data.country === undefined ? {} : { country: data.country };
  parts.emit({ type: 'code-checked', purpose, channel, to: mask(contact), ...country, approved: right });
}

/** An approval of this moment that nobody has been told of. */
export const fresh = ({ parts }: Check): CheckAnswer => ({ iat: parts.now(), jti: crypto.randomUUID(), told: false });

/** Writes the answer into the claim; null if another request had taken the claim over. */
export async function answer(
  { slot, parts }: Check,
  claim: Found<Claim>,
  what: CheckAnswer,
): Promise<Found<Claim> | null> {
  const value = { ...claim.value, answer: what };
  // An approval waits for a day until the accounts have been told; all else is told again for two minutes.
  const seconds = 'jti' in what ? ttl.claim : ttl.answer;
  return (await slot.swap(claim, value, seconds, parts.now())) ? written(value) : null;
}

/** Seconds until no challenge of the verification can come any more, with two minutes for answers told again. */
export const spentFor = ({ parts, data }: Check): number =>
  Math.max(0, Math.ceil((data.expiresAt - parts.now()) / 1000)) + ttl.answer;

/** Lets the next check of the verification go. */
export async function release({ parts, data }: Check, { found }: Held): Promise<void> {
  await parts.records.checking(data.verification).swap(found, null, 0, parts.now());
}
