/**
 * A check that reached no end, and whose page has lost its idempotency key by a reload: whoever brings the same challenge, the
 * same person and the same code goes on with it. So an approval that the accounts were never told of is not lost.
 */
import { askedOf, type Check } from './check-outcome.js';
import type { Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';
import type { Claim, Slot } from '../../store/records.js';

/**
 * The claim to go on with, or null. A check that was answered is none, however little of the answer arrived: a code proves
 * something once. To try a code here is a guess and counts as one, unless it is the one that was left behind.
 */
export async function leftBehind(check: Check): Promise<Slot<Claim> | null> {
  const { parts, data, print, slot } = check;
  const { used, checking, claimOf } = parts.records;
  const now = parts.now();
  const { value: holder } =
    (await used(data.verification).get(now)) ?? (await checking(data.verification).get(now)) ?? {};
  if (holder?.challenge !== data.id || holder.claim === slot.key) return null;
  const earlier = claimOf(holder);
  const claim = (await earlier.get(now))?.value;
  if (!claim || !isOpen(parts, claim)) return null;
  const grant = await parts.limits.check(askedOf(check), data.verification, now);
  if (!grant.granted) throw new ProblemError(grant.code, { retryIn: grant.retryIn });
  if (claim.code !== print.code || claim.subject !== print.subject) return null;
  await grant.giveBack();
  return earlier;
}

/** Whether its request is gone and nobody was answered: what is still under way is its own request's to end. */
function isOpen(parts: Parts, { answer, lost, at }: Claim): boolean {
  const ended = answer !== undefined && !('jti' in answer && !answer.told);
  return !ended && (lost || parts.now() - at > parts.callTime);
}
