/**
 * The route `check`: is this the code? Its order is the whole point: claim, count, hold, ask Twilio, write the approval
 * down, tell the accounts, answer. Whatever breaks, a proven contact is not lost and a code proves nothing twice.
 */
import type { CheckRequest, CheckResult } from '../../../protocol/schemas.js';
import { admitToContact, admitToTwoFactor, owesNothing, subjectOf, type Asker } from '../requester.js';
import { openChallenge } from '../../tokens/challenge-token.js';
import {
  answer,
  approve,
  askedOf,
  fresh,
  lose,
  Lost,
  refused,
  release,
  spentFor,
  tell,
  type Check,
} from './check-outcome.js';
import { approved, claimCheck, hold, type Held, type Wanted } from './idempotency.js';
import { leftBehind } from './resume-check.js';
import type { CheckGrant } from '../../limits/rate-limits.js';
import { factors, knownContacts, type Parts } from '../../setup/context.js';
import { readCode } from '../../contacts/normalize-text.js';
import { ProblemError } from '../../http/problem-response.js';
import { problemOf, proofOf } from './issue-proof.js';
import type { Claim, Found } from '../../store/records.js';
import { refusalOf } from '../twilio-problem.js';
import type { TwilioFailure } from '../../twilio/errors.js';

/** `POST /check`. `key` is the idempotency key: with the same challenge and code it gets the same answer for two minutes. */
export async function checkCode(parts: Parts, asker: Asker, body: CheckRequest, key: string): Promise<CheckResult> {
  const data = openChallenge(parts.ring, body.challenge);
  if (!data) throw new ProblemError('invalid-challenge');
  if (data.purpose === 'contact') admitToContact(parts, asker);
  else admitToTwoFactor(asker);
  const subject = subjectOf(data, asker);
  const code = readCode(body.code, data.codeLength);
  // Not a guess at all: it costs neither an attempt nor a call.
  if (code === null) throw new ProblemError('wrong-code');
  const print = { code: parts.ring.hash(`code\n${data.id}\n${code}`), subject: parts.ring.hash(`subject\n${subject}`) };
  const own = parts.records.claim(data.id, key);
  const check: Check = { parts, asker, data, subject, code, print, slot: own, asked: false };
  for (let turn = 0; turn < 3; turn += 1) {
    const { slot } = check;
    const { found, resumed } = await claimCheck(parts, slot, print);
    const answered = found.value.answer ? found : await run(check, found, resumed);
    const result = answered && (await conclude(check, answered));
    if (result) return result;
    // Another request has brought the claim to its end that was left behind: there is one proof, and that request has it.
    if (slot !== own) check.slot = own;
  }
  throw new ProblemError('unavailable');
}

/**
 * Brings an unanswered claim to its answer; null if another request took it over meanwhile, or if this one goes on with a
 * claim that was left behind. What was refused before Twilio leaves no claim.
 */
async function run(check: Check, claim: Found<Claim>, resumed: boolean): Promise<Found<Claim> | null> {
  try {
    const spent = (await check.parts.records.used(check.data.verification).get(check.parts.now()))?.value;
    if (resumed && spent?.claim === check.slot.key) return await answer(check, claim, fresh(check));
    if (spent) throw new ProblemError(spent.challenge === check.data.id ? 'invalid-challenge' : 'code-expired');
    await mayCheck(check);
    return await ask(check, claim, resumed);
  } catch (error) {
    if (error instanceof Lost) throw error.problem;
    if (error instanceof ProblemError || !check.asked) await check.slot.swap(claim, null, 0, check.parts.now());
    const spent =
      error instanceof ProblemError && (error.code === 'invalid-challenge' || error.code === 'code-expired');
    const earlier = spent && !check.asked ? await leftBehind(check) : null;
    if (!earlier) throw error;
    check.slot = earlier;
    return null;
  }
}

async function mayCheck({ parts, asker, data }: Check): Promise<void> {
  if (data.purpose === 'contact') return await owesNothing(parts, asker);
  // A phone that was taken off the account since is no factor any more.
  const usable = factors(parts, await knownContacts(parts, admitToTwoFactor(asker)));
  if (!usable.some(({ contact }) => contact.value === data.contact.value)) throw new ProblemError('invalid-challenge');
}

async function ask(check: Check, claim: Found<Claim>, resumed: boolean): Promise<Found<Claim> | null> {
  const { parts, data, slot } = check;
  const { verification, purpose } = data;
  const wanted = { verification, purpose, seconds: spentFor(check), claim: slot.key, challenge: data.id };
  // Before the count, since it costs no guess: did the check go through whose answer was lost?
  const earlier = resumed ? await hold(parts, wanted) : null;
  if (earlier?.before && (await approved(parts, data).catch((error: unknown) => lose(check, claim, earlier, error)))) {
    return await approve(check, claim, earlier);
  }
  try {
    if (data.expiresAt <= parts.now()) throw new ProblemError('code-expired');
    const grant = await parts.limits.check(askedOf(check), verification, parts.now());
    if (!grant.granted) throw new ProblemError(grant.code, { retryIn: grant.retryIn });
    return await askTwilio(check, claim, grant, earlier ?? (await holdOrGiveBack(check, wanted, grant)));
  } catch (error) {
    if (earlier && !check.asked) await release(check, earlier);
    throw error;
  }
}

/** Whoever waited for the hold and found the code spent by another has not guessed. */
async function holdOrGiveBack({ parts }: Check, wanted: Wanted, grant: CheckGrant): Promise<Held> {
  try {
    return await hold(parts, wanted);
  } catch (error) {
    await grant.giveBack();
    throw error;
  }
}

async function askTwilio(
  check: Check,
  claim: Found<Claim>,
  grant: CheckGrant,
  held: Held,
): Promise<Found<Claim> | null> {
  const { parts, data, code } = check;
  const { purpose, verification, contact } = data;
  let status: string;
  check.asked = true;
  try {
    status = await parts.verify.check(purpose, verification, contact.value, code);
  } catch (error) {
    return await afterFailure(check, claim, grant, held, error);
  }
  if (status === 'approved') return await approveAndForgive(check, claim, grant, held);
  tell(check, false);
  await release(check, held);
  return await answer(check, claim, refused(check, status, grant));
}

/** Earlier failures are forgiven; if the store cannot forgive now, the person is still right. */
async function approveAndForgive(
  check: Check,
  claim: Found<Claim>,
  grant: CheckGrant,
  held: Held,
): Promise<Found<Claim> | null> {
  const answered = await approve(check, claim, held);
  await grant
    .succeeded()
    .catch(() => check.parts.emit({ type: 'unavailable', part: 'store', reason: 'failures could not be forgiven' }));
  return answered;
}

async function afterFailure(
  check: Check,
  claim: Found<Claim>,
  grant: CheckGrant,
  held: Held,
  error: unknown,
): Promise<Found<Claim> | null> {
  const { parts, data } = check;
  const problem = refusalOf(parts, error, 'check', data.expiresAt - parts.now());
  const { kind, nothingHappened } = error as TwilioFailure;
  if (kind === 'unanswered') {
    const sole = held.found.value.sole;
    if (sole && (await parts.verify.converted(data.purpose, data.verification).catch(() => false)))
      return await approveAndForgive(check, claim, grant, held);
    return await lose(check, claim, held, problem);
  }
  // The request whose place this one took may only have been slow, and approved since: to Twilio the code is gone then.
  const gone = problem.code === 'code-expired' && held.before;
  if (gone && (await approved(parts, data).catch((failure: unknown) => lose(check, claim, held, failure))))
    return await approveAndForgive(check, claim, grant, held);
  if (nothingHappened) await grant.giveBack();
  await release(check, held);
  const { code, details } = problem;
  if (code !== 'code-expired' && code !== 'too-many-attempts') throw problem;
  return await answer(check, claim, {
    problem: code,
    ...(details.retryIn === undefined ? {} : { until: parts.now() + details.retryIn * 1000 }),
  });
}

/** Tells the accounts if they have not been told, and answers; null if another request did it meanwhile. */
async function conclude({ parts, data, subject, slot }: Check, claim: Found<Claim>): Promise<CheckResult | null> {
  const said = claim.value.answer;
  if (!said) return null;
  if (!('jti' in said)) throw problemOf(said, parts.now());
  return await proofOf(parts, { data, subject, slot, claim, said });
}
