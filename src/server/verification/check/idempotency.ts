/**
 * Which of many requests asks Twilio about a code. The claim makes one request of all that carry the same idempotency key;
 * the hold makes sure that one check of a verification is under way at a time. Only so can a check that got no answer be
 * cleared up: Twilio says later whether a verification was approved, and with one check outstanding it says whose.
 */
import type { Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';
import { ttl, written, type Claim, type Found, type Holder, type Slot } from '../../store/records.js';
import { refusalOf } from '../twilio-problem.js';

/** A bounded wait for another request's check. */
const TURN = 50;
const TURNS = 300;

/** A claim of ours. `resumed`: an earlier request of the same claim went to Twilio and never came back. */
export interface Claimed {
  found: Found<Claim>;
  resumed: boolean;
}

/** Claims the check, or finds its answer; waits while another request has it in hand. The same key with another code is `invalid-request`. */
export async function claimCheck(
  parts: Parts,
  slot: Slot<Claim>,
  came: Pick<Claim, 'code' | 'subject'>,
): Promise<Claimed> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    const now = parts.now();
    const fresh: Claim = { ...came, at: now, lost: false };
    const there = await slot.claim(fresh, ttl.claim, now);
    if (there === null) return { found: written(fresh), resumed: false };
    if (there.value.subject !== came.subject) throw new ProblemError('invalid-challenge');
    if (there.value.code !== came.code) throw new ProblemError('invalid-request');
    if (there.value.answer) return { found: there, resumed: false };
    if (there.value.lost || now - there.value.at > parts.callTime) {
      if (await slot.swap(there, fresh, ttl.claim, now)) return { found: written(fresh), resumed: true };
    }
    await parts.wait(TURN);
  }
  throw new ProblemError('unavailable');
}

/** The hold on a verification; `before` is true if an earlier request of the same claim had it and nobody else can have been approved. */
export interface Held {
  found: Found<Holder>;
  before: boolean;
}

/** What names the check that wants to hold: its verification, and for how many seconds nobody else may need it. */
export interface Wanted {
  verification: string;
  purpose: 'contact' | 'two-factor';
  seconds: number;
  claim: string;
  challenge: string;
}

/**
 * Takes the hold, when nobody else's check is under way. A hold whose check got no answer is cleared up with Twilio first:
 * if the verification was approved, it was approved for that check, and this one comes too late.
 */
export async function hold(parts: Parts, wanted: Wanted): Promise<Held> {
  const slot = parts.records.checking(wanted.verification);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const now = parts.now();
    const first: Holder = { claim: wanted.claim, challenge: wanted.challenge, at: now, lost: false, sole: true };
    const there = await slot.claim(first, wanted.seconds, now);
    if (there === null) return { found: written(first), before: false };
    const own = there.value.claim === wanted.claim;
    // Twilio's list of attempts may lag: who comes after a lost check must not be taken for the one that was approved.
    const mine: Holder = { ...first, sole: own && there.value.sole };
    if (!own && (await parts.records.used(wanted.verification).get(now))) throw new ProblemError('code-expired');
    const over = there.value.lost || now - there.value.at > parts.callTime;
    if (own || (over && !(await approved(parts, wanted)))) {
      if (await slot.swap(there, mine, wanted.seconds, now)) return { found: written(mine), before: mine.sole };
    } else if (over) {
      throw new ProblemError('code-expired');
    }
    await parts.wait(TURN);
  }
  throw new ProblemError('unavailable');
}

/** Whether Twilio approved the verification, now that nobody else can say. */
export async function approved(
  parts: Parts,
  { purpose, verification }: Pick<Wanted, 'purpose' | 'verification'>,
): Promise<boolean> {
  try {
    return await parts.verify.converted(purpose, verification);
  } catch (error) {
    refusalOf(parts, error, 'check', parts.lifetime);
    throw new ProblemError('unavailable');
  }
}
