/** The routes of challenges: each checks the codes of one factor, for five minutes unless the application says otherwise. */
import { formField, isoSeconds } from './route.js';
import { required } from './parameters.js';
import { paginate, queryField } from './query.js';
import { ApiError, notFound } from './errors.js';
import { entityOf, entityUrl } from './entities.js';
import { payloadField, invalidField, labelsField, textField, stringsField } from './entity-fields.js';
import { challengeStatus, countChallenge, recordChallengeCheck, takeStep } from '../model/factor.js';
import { isSid, sid } from '../model/identifiers.js';
import { stepsOfCode } from '../model/totp.js';
import type { Entity } from '../model/entities.js';
import type { FactorChallenge, Factor } from '../model/factor.js';
import type { RouteResult, RouteRequest } from './route.js';

/** The default of Twilio's, and the most that it allows. */
const [DEFAULT_MS, MAXIMUM_MS] = [300_000, 3_600_000];

/** `POST …/Challenges`. With a code, it is checked at once. */
export async function createChallenge(request: RouteRequest): Promise<RouteResult> {
  const { account, form, path } = request;
  const entity = entityOf(request);
  const factorSid = required(account, form, 'FactorSid');
  if (!isSid('YF', factorSid)) throw invalidField('FactorSid');
  const code = payloadField(form);
  const now = account.clock.now();
  const expiresAt = expiryOf(form, now);
  const details = detailsOf(form, now);
  const hiddenDetails = stringsField(form, 'HiddenDetails') ?? null;
  const factor = entity.factors.get(factorSid);
  if (!factor) throw notFound(path);
  if (factor.status === 'unverified') throw new ApiError(60318);
  if (!countChallenge(factor, now)) throw new ApiError(60312);
  const challenge: FactorChallenge = {
    sid: sid('YC'),
    factorSid,
    createdAt: now,
    expiresAt,
    details,
    hiddenDetails,
    metadata: null,
    isApproved: false,
    updatedAt: now,
    respondedAt: undefined,
    wrongCodes: 0,
  };
  entity.challenges.set(challenge.sid, challenge);
  if (code !== undefined) await checkChallenge(request, challenge, factor, code);
  return { status: 201, body: challengeBody(challenge, entity, request) };
}

/** `GET …/Challenges`, those of one factor or state if the query says so. */
export function listChallenges(request: RouteRequest): RouteResult {
  const entity = entityOf(request);
  const now = request.account.clock.now();
  const factor = queryField(request, 'FactorSid', (value) => isSid('YF', value));
  const statuses = ['pending', 'expired', 'approved', 'denied'];
  const status = queryField(request, 'Status', (value) => statuses.includes(value));
  const order = queryField(request, 'Order', (value) => value === 'asc' || value === 'desc');
  const own = [...entity.challenges.values()].filter(
    (one) =>
      (factor === undefined || one.factorSid === factor) &&
      (status === undefined || challengeStatus(one, now) === status),
  );
  const ordered = order === 'desc' ? own.toReversed() : own;
  return paginate(request, 'challenges', ordered, (one) => challengeBody(one, entity, request));
}

/** `GET …/Challenges/{sid}`. */
export function fetchChallenge(request: RouteRequest): RouteResult {
  const { entity, challenge } = challengeOf(request);
  return { status: 200, body: challengeBody(challenge, entity, request) };
}

/** `POST …/Challenges/{sid}` checks a code. */
export async function updateChallenge(request: RouteRequest): Promise<RouteResult> {
  const { account, form } = request;
  const { entity, challenge } = challengeOf(request);
  const code = payloadField(form);
  const metadata = stringsField(form, 'Metadata') ?? challenge.metadata;
  const factor = entity.factors.get(challenge.factorSid);
  if (code !== undefined && factor) await checkChallenge(request, challenge, factor, code);
  Object.assign(challenge, { metadata, updatedAt: account.clock.now() });
  return { status: 200, body: challengeBody(challenge, entity, request) };
}

async function checkChallenge({ account }: RouteRequest, challenge: FactorChallenge, factor: Factor, code: string) {
  const { wrongChallengeCode, repeatedTotpCode } = account.assume;
  const now = account.clock.now();
  const steps = await stepsOfCode(code, factor.secret, factor.config, now);
  const isRight = () => takeStep(factor, steps, repeatedTotpCode === 'refuse');
  const outcome = recordChallengeCheck(challenge, isRight, now);
  if (outcome === 'responded') throw new ApiError(60322);
  if (outcome === 'expired') throw new ApiError(60323);
  if (outcome === 'locked') throw new ApiError(60308);
  if (outcome === 'wrong' && wrongChallengeCode === 60324) throw new ApiError(60324);
}

function challengeOf(request: RouteRequest): { entity: Entity; challenge: FactorChallenge } {
  const entity = entityOf(request);
  const challenge = entity.challenges.get(request.params.challenge ?? '');
  if (!challenge) throw notFound(request.path);
  return { entity, challenge };
}

function expiryOf(form: URLSearchParams, now: number): number {
  const text = formField(form, 'ExpirationDate');
  if (text === undefined) return now + DEFAULT_MS;
  const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : NaN;
  if (!(time > now && time <= now + MAXIMUM_MS)) throw invalidField('ExpirationDate');
  return time;
}

/** What an application shows beside the question. Twilio needs it for push only, and keeps it for every type. */
function detailsOf(form: URLSearchParams, now: number): object | null {
  const message = textField(form, 'Details.Message', 256);
  const fields = labelsField(form, 'Details.Fields');
  return message === undefined && fields.length === 0
    ? null
    : { message: message ?? null, date: isoSeconds(now), fields };
}

function challengeBody(challenge: FactorChallenge, entity: Entity, { account }: RouteRequest): unknown {
  const url = `${entityUrl(entity)}/Challenges/${challenge.sid}`;
  return {
    sid: challenge.sid,
    account_sid: account.credentials.accountSid,
    service_sid: entity.serviceSid,
    entity_sid: entity.sid,
    identity: entity.identity,
    factor_sid: challenge.factorSid,
    date_created: isoSeconds(challenge.createdAt),
    date_updated: isoSeconds(challenge.updatedAt),
    date_responded: challenge.respondedAt === undefined ? null : isoSeconds(challenge.respondedAt),
    expiration_date: isoSeconds(challenge.expiresAt),
    status: challengeStatus(challenge, account.clock.now()),
    responded_reason: 'none',
    details: challenge.details,
    hidden_details: challenge.hiddenDetails,
    metadata: challenge.metadata,
    factor_type: 'totp',
    url,
    links: { notifications: `${url}/Notifications` },
  };
}
