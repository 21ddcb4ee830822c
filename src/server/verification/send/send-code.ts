/** One code on its way to one contact: who sends it among many who ask at once, what is counted, and what is known afterwards. */
import type { Channel } from '../../../protocol/schemas.js';
import { askHost } from './before-send-hook.js';
import { mask } from '../../contacts/parse-contact.js';
import type { SendGrant } from '../../limits/rate-limits.js';
import { afterLookUp } from './line-type.js';
import {
  asked,
  dueForReplacement,
  left,
  livingAfter,
  resendIn,
  standing,
  TWILIO_SENDS,
  untilReplaced,
  type Order,
  type Sent,
} from './verification-state.js';
import type { Parts } from '../../setup/context.js';
import { ProblemError } from '../../http/problem-response.js';
import { ttl, type Living, type Unsure } from '../../store/records.js';
import { refusalOf } from '../twilio-problem.js';
import type { TwilioFailure } from '../../twilio/errors.js';
import { endTurn, seeTurn, takeTurn, type Turn } from './send-lock.js';
import type { Verification } from '../../twilio/responses.js';

/** A bounded wait for another request's send: longer than Twilio may take, shorter than a person stays. */
const TURN = 50;
const TURNS = 300;

/** Sends, or finds that a code is on its way already. However many ask at once for one contact, Twilio is asked once. */
export async function sendCode(parts: Parts, order: Order): Promise<Sent> {
  for (let wait = 0; wait < TURNS; wait += 1) {
    // The turn is taken before anything is looked up: who has it learns from the same record what is known.
    const turn = await takeTurn(parts, order);
    if ('slot' in turn) return await sendAlone(parts, order, turn);
    const there = turn.known.living && (await reusable(parts, order, turn.known.living));
    if (there) return there;
    let after = await seeTurn(parts, order);
    for (; wait < TURNS && after.other === turn.other; wait += 1) {
      await parts.wait(TURN);
      after = await seeTurn(parts, order);
    }
    const problem = (await parts.records.ended(turn.other).get(parts.now()))?.value;
    if (problem)
      throw new ProblemError(problem.problem, problem.retryIn === undefined ? {} : { retryIn: problem.retryIn });
    const { living } = after.known;
    if (living?.by === turn.other) return await standing(parts, order, living);
  }
  throw new ProblemError('unavailable');
}

/** The send of the one whose turn it is. What Twilio refused is left for those who wait; what concerns this asker alone is not. */
async function sendAlone(parts: Parts, order: Order, turn: Turn): Promise<Sent> {
  const { living, unsure } = turn.known;
  try {
    return (
      (living && (await reusable(parts, order, living))) ??
      (unsure && (await recovered(parts, order, turn, unsure))) ??
      (await countAndSend(parts, order, turn))
    );
  } catch (error) {
    if (error instanceof ProblemError) tellRefusal(parts, order, error);
    throw error;
  } finally {
    await endTurn(parts, turn);
  }
}

/** The code that is on its way already, unless another message is wanted and can be had. */
async function reusable(parts: Parts, order: Order, living: Living): Promise<Sent | null> {
  if (order.act === 'resend' || dueForReplacement(parts, living)) return null;
  if (await parts.records.used(living.verification).get(parts.now())) return null;
  const sent = await standing(parts, order, living);
  return order.act === 'switch' || sent.resendIn > 0 ? sent : null;
}

/** A send before this one got no answer: Twilio is asked by destination before anything is sent again. */
async function recovered(parts: Parts, order: Order, turn: Turn, unsure: Unsure): Promise<Sent | null> {
  let found: Verification | null;
  try {
    found = await parts.verify.find(order.purpose, order.to.contact.value);
  } catch (error) {
    throw refusalOf(parts, error, 'send', parts.lifetime);
  }
  delete turn.known.unsure;
  if (!found || found.sends <= unsure.sends) {
    await parts.limits.giveBackSend(asked(order), unsure.receipt, parts.now());
    return null;
  }
  tell(parts, order, unsure.channel, found.sends);
  return await standing(parts, order, learn(parts, order, turn, found, unsure.channel));
}

async function countAndSend(parts: Parts, wanted: Order, turn: Turn): Promise<Sent> {
  const known = turn.known.living ?? wanted.known;
  const replaces = known !== undefined && dueForReplacement(parts, known);
  if (known && known.sends >= TWILIO_SENDS && !replaces) {
    throw new ProblemError('resend-too-soon', { retryIn: untilReplaced(parts, known) });
  }
  const grant = await parts.limits.send(asked(wanted), parts.now());
  if (!grant.granted) throw new ProblemError(grant.code, { retryIn: grant.retryIn });
  if (parts.options.beforeSend) await askHost(parts, wanted, grant);
  const order = parts.options.twilio.lookup
    ? await afterLookUp(parts, wanted, grant).catch((error: unknown) => endWith(parts, turn, error))
    : wanted;
  const { purpose, to, channel, locale } = order;
  let sent: Verification;
  try {
    if (replaces && left(parts, known) > 0) await cancel(parts, order, known, grant);
    const more = parts.sendParameters(asked(order), channel);
    sent = await parts.verify.send(purpose, to.contact.value, channel, locale, more);
  } catch (error) {
    sent = await afterFailure(parts, order, { error, turn, grant, known });
  }
  // Before anything else that can fail: a message that went out costs money, whatever becomes of the rest.
  tell(parts, order, channel, sent.sends);
  const living = learn(parts, order, turn, sent, channel);
  return { living, resendIn: resendIn(parts, living, grant.resendIn), to };
}

/** Takes note of what lives at the destination now. */
function learn(parts: Parts, { known }: Order, turn: Turn, sent: Verification, channel: Channel): Living {
  return (turn.learnt.living = livingAfter(parts, sent, channel, turn.id, turn.known.living ?? known));
}

/** Ends the verification whose time runs out, so that the next send makes a new one with all its time. */
async function cancel(parts: Parts, { purpose }: Order, known: Living, grant: SendGrant): Promise<void> {
  try {
    await parts.verify.cancel(purpose, known.verification);
  } catch (error) {
    // Nothing was sent, whatever became of the cancelling.
    await grant.giveBack();
    throw new Cancelled(refusalOf(parts, error, 'send', left(parts, known)));
  }
}

/** Carries the problem of a failed cancelling past the handling of a failed send. */
class Cancelled extends Error {
  readonly problem: ProblemError;
  constructor(problem: ProblemError) {
    super('The old verification could not be ended.');
    this.problem = problem;
  }
}

interface Failed {
  error: unknown;
  turn: Turn;
  grant: SendGrant;
  known: Living | undefined;
}

/** Gives back what certainly did not happen; asks by destination where nobody knows; else answers the problem, to those who wait as well. */
async function afterFailure(parts: Parts, order: Order, { error, turn, grant, known }: Failed): Promise<Verification> {
  if (error instanceof Cancelled) throw error.problem;
  const problem = refusalOf(parts, error, 'send', known ? left(parts, known) : parts.lifetime);
  const { nothingHappened, kind } = error as TwilioFailure;
  if (kind === 'unanswered') {
    const before = known && !dueForReplacement(parts, known) ? known.sends : 0;
    const found = await parts.verify.find(order.purpose, order.to.contact.value).catch(() => undefined);
    if (found && found.sends > before) return found;
    if (found === undefined) {
      const until = parts.now() + parts.lifetime;
      turn.learnt.unsure = { sends: before, receipt: grant.receipt, channel: order.channel, until };
    } else {
      await grant.giveBack();
    }
  } else if (nothingHappened) {
    await grant.giveBack();
  }
  return await endWith(parts, turn, problem);
}

/** Throws the problem, and leaves it for those who wait for the same send. */
async function endWith(parts: Parts, { id }: Turn, problem: unknown): Promise<never> {
  if (problem instanceof ProblemError) {
    const { retryIn } = problem.details;
    const ended = { problem: problem.code, ...(retryIn === undefined ? {} : { retryIn }) };
    await parts.records.ended(id).put(ended, ttl.ended, parts.now());
  }
  throw problem;
}

function tellRefusal(parts: Parts, { purpose, channel, to }: Order, { code }: ProblemError): void {
  const country = to.country === undefined ? {} : { country: to.country };
  parts.emit({ type: 'code-not-sent', purpose, channel, ...country, problem: code });
}

function tell(parts: Parts, { purpose, to }: Order, channel: Channel, sends: number): void {
  const country = to.country === undefined ? {} : { country: to.country };
  parts.emit({ type: 'code-sent', purpose, channel, to: mask(to.contact), ...country, resent: sends > 1 });
}
