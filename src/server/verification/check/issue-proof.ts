/** The end of a check: the accounts are told, and the proof is signed; or the problem is told again. */
import type { CheckResult } from '../../../protocol/schemas.js';
import { ContactInUseError } from '../../accounts/accounts.js';
import type { ChallengeData } from '../../tokens/challenge-token.js';
import type { Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';
import { signProof } from '../../tokens/proof-token.js';
import { ttl, type CheckAnswer, type Claim, type Found, type Slot } from '../../store/records.js';
import { reasonOf } from '../../setup/events.js';

type Approval = Extract<CheckAnswer, { jti: string }>;
type Refusal = Exclude<CheckAnswer, { jti: string }>;

/** An approved check and its claim. */
export interface Approved {
  data: ChallengeData;
  subject: string | null;
  slot: Slot<Claim>;
  claim: Found<Claim>;
  said: Approval;
}

/** The recorded problem, with what is left of its wait. */
export function problemOf({ problem, attemptsLeft, until }: Refusal, now: number): ProblemError {
  return new ProblemError(problem, {
    ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
    ...(until === undefined ? {} : { retryIn: Math.max(0, Math.ceil((until - now) / 1000)) }),
  });
}

/**
 * Tells the accounts, unless that is done, and signs the proof: the same one for the same claim, by its recorded time and
 * id. Null if another request of the claim was quicker. If the accounts cannot be told, the approval waits for a day.
 */
export async function proofOf(
  parts: Parts,
  { data, subject, slot, claim, said }: Approved,
): Promise<CheckResult | null> {
  const { purpose, contact, channel, context } = data;
  let { iat } = said;
  if (!said.told) {
    const taken =
      purpose === 'contact' &&
      subject !== null &&
      (await tell(parts, subject, data).catch(async (error: unknown) => {
        await slot.swap(claim, { ...claim.value, lost: true }, ttl.claim, parts.now());
        throw error;
      }));
    iat = parts.now();
    const answer: CheckAnswer = taken ? { problem: 'contact-in-use' } : { iat, jti: said.jti, told: true };
    if (!(await slot.swap(claim, { ...claim.value, answer }, ttl.answer, iat))) return null;
    if (taken) throw new ProblemError('contact-in-use');
  }
  const lifetime = parts.proofLifetime[purpose];
  const proof = await signProof(parts.ring, {
    issuer: parts.issuer,
    audience: parts.options.audience,
    subject,
    purpose,
    channel,
    lifetime,
    now: iat,
    jti: said.jti,
    ...(purpose === 'contact' ? { contact } : {}),
    ...(context === undefined ? {} : { context }),
  });
  const expiresIn = Math.max(0, Math.floor(iat / 1000) + lifetime - Math.floor(parts.now() / 1000));
  return { proof, expiresIn, purpose, ...(purpose === 'contact' ? { contact } : {}) };
}

/** Whether another user has the contact already. Told only here, to somebody who has proven possession. */
async function tell(parts: Parts, subject: string, { contact }: ChallengeData): Promise<boolean> {
  try {
    await parts.options.accounts?.verified(subject, contact);
    return false;
  } catch (error) {
    if (error instanceof ContactInUseError || (error as { code?: unknown }).code === 'contact-in-use') return true;
    parts.emit({ type: 'unavailable', part: 'accounts', reason: reasonOf(error) });
    throw new ProblemError('unavailable');
  }
}
