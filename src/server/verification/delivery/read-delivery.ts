/** The route `POST /delivery`: whether the message of a challenge has arrived. It sends nothing, and costs no send. */
import { ProblemError } from '../../../protocol/problem-error.js';
import type { DeliveryRequest, DeliveryResult } from '../../../protocol/schemas.js';
import type { BackendContext } from '../../setup/context.js';
import { asStored, type DeliveryRecord, type RecordEntry, type Versioned } from '../../store/records.js';
import { openChallenge, type ChallengePayload } from '../../tokens/challenge-token.js';
import { assertStillAllowed } from '../check/check-code.js';
import { authorizeContact, requireUser, resolveSubject, type Requester } from '../requester.js';
import { requireService, verifyServiceOf } from '../verify-service.js';

type Delivery = DeliveryResult['delivery'];

/** A message is asked about at most once in this time, and so often. */
const INTERVAL_MS = 10_000;
const MAX_QUESTIONS = 10;
/** Twilio answers 100 questions a minute about all messages (Verification Attempts API). The rest is for codes whose check broke off. */
const QUESTIONS_PER_MINUTE = 50;

/**
 * Says what Twilio last knew of the message. Only who caused a message is told: a challenge that found a code of another request
 * gets `unknown` without a question. Within ten seconds, after ten questions and once it is final, the former answer is repeated.
 */
export async function readDelivery(
  backend: BackendContext,
  requester: Requester,
  body: DeliveryRequest,
): Promise<DeliveryResult> {
  const challenge = openChallenge(backend.keyRing, body.challenge);
  if (!challenge) throw new ProblemError('invalid-challenge');
  if (challenge.purpose === 'contact') authorizeContact(backend, requester);
  else requireUser(requester);
  resolveSubject(challenge, requester);
  await assertStillAllowed(backend, requester, challenge);
  if (await backend.records.isConsumed(challenge.verification, backend.now()))
    throw new ProblemError('invalid-challenge');
  if (challenge.expiresAt <= backend.now()) throw new ProblemError('code-expired');
  requireService(backend, challenge);
  const { attempt } = challenge;
  return { delivery: attempt === undefined ? 'unknown' : await deliveryOf(backend, challenge, attempt) };
}

async function deliveryOf(backend: BackendContext, challenge: ChallengePayload, attempt: string): Promise<Delivery> {
  const entry = backend.records.delivery(attempt);
  const seconds = Math.max(1, Math.ceil((challenge.expiresAt - backend.now()) / 1000));
  const question = await beginQuestion(backend, entry, seconds);
  if (typeof question === 'string') return question;
  const delivery = await askTwilio(backend, challenge, attempt);
  // What another request has found out meanwhile is newer, and stays.
  await entry.compareAndSet(question, { ...question.value, delivery }, seconds, backend.now());
  return delivery;
}

/** The record of a question that may be asked now and is already counted, or else the former answer. */
async function beginQuestion(
  { now }: Pick<BackendContext, 'now'>,
  entry: RecordEntry<DeliveryRecord>,
  seconds: number,
): Promise<Versioned<DeliveryRecord> | Delivery> {
  const at = now();
  const first: DeliveryRecord = { delivery: 'unknown', at, questions: 1 };
  const former = await entry.setIfAbsent(first, seconds, at);
  if (!former) return asStored(first);
  const { delivery, at: askedAt, questions } = former.value;
  const isFinal = delivery === 'delivered' || delivery === 'undelivered';
  if (isFinal || questions >= MAX_QUESTIONS || at < askedAt + INTERVAL_MS) return delivery;
  const next = { delivery, at, questions: questions + 1 };
  return (await entry.compareAndSet(former, next, seconds, at)) ? asStored(next) : delivery;
}

/** `unknown` if Twilio does not answer, or not with what it documents: a person is better told nothing. */
async function askTwilio(backend: BackendContext, challenge: ChallengePayload, attempt: string): Promise<Delivery> {
  const { store, keyRing, verifyClient, now } = backend;
  const counter = { key: keyRing.hmac('delivery.questions'), limit: QUESTIONS_PER_MINUTE, window: 60 };
  const { granted } = await store.reserve([counter], now());
  if (!granted) return 'unknown';
  return await verifyClient
    .delivery(verifyServiceOf(challenge), challenge.verification, attempt)
    .catch((): Delivery => 'unknown');
}
