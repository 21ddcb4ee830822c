/** The routes of factors: authenticator apps, from the secret that is shown once to the first code that verifies them. */
import { formField, isoSeconds } from './route.js';
import { required } from './parameters.js';
import { paginate } from './query.js';
import { ApiError, notFound } from './errors.js';
import { entityOf, entityToChange, entityUrl } from './entities.js';
import { payloadField, invalidField, textField, stringsField, wholeField } from './entity-fields.js';
import { notSupported } from './not-supported.js';
import { serviceOf } from './services.js';
import { addFactor, deleteFactor } from '../model/entities.js';
import { recordFactorCheck, takeStep } from '../model/factor.js';
import { sid } from '../model/identifiers.js';
import { algorithms, decodeSecret, randomSecret, stepsOfCode } from '../model/totp.js';
import type { Entity } from '../model/entities.js';
import type { Factor } from '../model/factor.js';
import type { TotpConfig } from '../model/totp.js';
import type { RouteResult, RouteRequest } from './route.js';

/** `POST …/Factors`. Only this response has the secret. */
export function createFactor(request: RouteRequest): RouteResult {
  const { account, form } = request;
  const service = serviceOf(request);
  const friendlyName = required(account, form, 'FriendlyName');
  textField(form, 'FriendlyName', 64);
  const type = required(account, form, 'FactorType');
  if (type === 'push' || type === 'passkeys') throw notSupported(request, `factors of the type ${type}`);
  if (type !== 'totp') throw invalidField('FactorType');
  const text = formField(form, 'Binding.Secret') ?? randomSecret();
  const secret = decodeSecret(text);
  if (!secret) throw invalidField('Binding.Secret');
  const { issuer = service.friendlyName, timeStep = 30, codeLength = 6, skew = 1 } = service.totp;
  const config = changedConfig(form, { alg: 'sha1', skew, codeLength, timeStep });
  const metadata = stringsField(form, 'Metadata') ?? null;

  const entity = entityToChange(request);
  const now = account.clock.now();
  const factor: Factor = {
    sid: sid('YF'),
    serviceSid: service.sid,
    entitySid: entity.sid,
    identity: entity.identity,
    issuer,
    createdAt: now,
    secret,
    challengedAt: [],
    config,
    friendlyName,
    metadata,
    status: 'unverified',
    updatedAt: now,
    wrongCodes: 0,
    lastStep: -Infinity,
  };
  const outcome = addFactor(entity, factor);
  if (outcome !== 'added') throw new ApiError(outcome === 'too-many' ? 60315 : 60326);
  const { sid: first, account_sid, service_sid, entity_sid, identity, ...rest } = factorBody(factor, request);
  const binding = { secret: text, uri: keyUri(factor, text) };
  const body = { sid: first, account_sid, service_sid, entity_sid, identity, binding, options: null, ...rest };
  return { status: 201, body };
}

/** `GET …/Factors`. */
export const listFactors = (request: RouteRequest): RouteResult =>
  paginate(request, 'factors', [...entityOf(request).factors.values()], (one) => factorBody(one, request));

/** `GET …/Factors/{sid}`. */
export const fetchFactor = (request: RouteRequest): RouteResult => ({
  status: 200,
  body: factorBody(factorOf(request).factor, request),
});

/** `DELETE …/Factors/{sid}`, with its challenges. */
export function removeFactor(request: RouteRequest): RouteResult {
  const { entity, factor } = factorOf(request);
  deleteFactor(entity, factor);
  return { status: 204 };
}

/** `POST …/Factors/{sid}`. A right code verifies the factor. Its name and its configuration can change at any time. */
export async function updateFactor(request: RouteRequest): Promise<RouteResult> {
  const { account, form } = request;
  const { factor } = factorOf(request);
  const code = payloadField(form);
  const friendlyName = textField(form, 'FriendlyName', 64) ?? factor.friendlyName;
  const config = changedConfig(form, factor.config);
  if (code !== undefined) await checkFactor(request, factor, code);
  Object.assign(factor, { friendlyName, config, updatedAt: account.clock.now() });
  return { status: 200, body: factorBody(factor, request) };
}

async function checkFactor({ account }: RouteRequest, factor: Factor, code: string): Promise<void> {
  const { codeForVerifiedFactor, wrongFactorCode, repeatedTotpCode } = account.assume;
  const now = account.clock.now();
  const steps = await stepsOfCode(code, factor.secret, factor.config, now);
  const isRight = () => takeStep(factor, steps, repeatedTotpCode === 'refuse');
  if (factor.status === 'verified') {
    if (codeForVerifiedFactor === 60311 && !isRight()) throw new ApiError(60311);
    return;
  }
  const outcome = recordFactorCheck(factor, isRight, now);
  if (outcome === 'locked') throw new ApiError(60310);
  if (outcome === 'wrong' && wrongFactorCode === 60311) throw new ApiError(60311);
}

/** The factor that the path names, and its entity. */
function factorOf(request: RouteRequest): { entity: Entity; factor: Factor } {
  const entity = entityOf(request);
  const factor = entity.factors.get(request.params.factor ?? '');
  if (!factor) throw notFound(request.path);
  return { entity, factor };
}

function changedConfig(form: URLSearchParams, before: TotpConfig): TotpConfig {
  const alg = algorithms.find((one) => one === (formField(form, 'Config.Alg') ?? before.alg));
  if (!alg) throw invalidField('Config.Alg');
  return {
    alg,
    skew: wholeField(form, 'Config.Skew', [0, 2], before.skew),
    codeLength: wholeField(form, 'Config.CodeLength', [3, 8], before.codeLength),
    timeStep: wholeField(form, 'Config.TimeStep', [20, 60], before.timeStep),
  };
}

/** What a QR code says to an app: the format of Google's authenticator. */
function keyUri({ issuer, friendlyName, config }: Factor, secret: string): string {
  const [site, person] = [issuer, friendlyName].map(encodeURIComponent);
  const { alg, codeLength, timeStep } = config;
  const settings = `algorithm=${alg.toUpperCase()}&digits=${codeLength}&period=${timeStep}`;
  return `otpauth://totp/${site}:${person}?secret=${secret}&issuer=${site}&${settings}`;
}

function factorBody(factor: Factor, { account }: RouteRequest) {
  const { alg, skew, codeLength, timeStep } = factor.config;
  return {
    sid: factor.sid,
    account_sid: account.credentials.accountSid,
    service_sid: factor.serviceSid,
    entity_sid: factor.entitySid,
    identity: factor.identity,
    date_created: isoSeconds(factor.createdAt),
    date_updated: isoSeconds(factor.updatedAt),
    friendly_name: factor.friendlyName,
    status: factor.status,
    factor_type: 'totp',
    config: { alg, skew, code_length: codeLength, time_step: timeStep },
    metadata: factor.metadata,
    url: `${entityUrl(factor)}/Factors/${factor.sid}`,
  };
}
