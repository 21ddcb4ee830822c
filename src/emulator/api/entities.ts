/** The routes of entities: whom an application verifies with factors, by a name that it chose. */
import { API, isoSeconds } from './route.js';
import { required } from './parameters.js';
import { paginate } from './query.js';
import { ApiError, notFound } from './errors.js';
import { invalidField } from './entity-fields.js';
import { serviceOf } from './services.js';
import { sid } from '../model/identifiers.js';
import type { Entity } from '../model/entities.js';
import type { RouteResult, RouteRequest } from './route.js';

/** `POST …/Entities`. */
export function createEntity(request: RouteRequest): RouteResult {
  const { account, form } = request;
  const service = serviceOf(request);
  const identity = checked(required(account, form, 'Identity'));
  if (account.entities.find(service.sid, identity, account.clock.now())) throw new ApiError(60301);
  return { status: 201, body: entityBody(addEntity(request, identity), request) };
}

/** `GET …/Entities`. */
export function listEntities(request: RouteRequest): RouteResult {
  const own = request.account.entities.of(serviceOf(request).sid);
  return paginate(request, 'entities', own, (one) => entityBody(one, request));
}

/** `GET …/Entities/{identity}`. */
export const fetchEntity = (request: RouteRequest): RouteResult => ({
  status: 200,
  body: entityBody(entityOf(request), request),
});

/** `DELETE …/Entities/{identity}`, with its factors and their challenges. */
export function deleteEntity(request: RouteRequest): RouteResult {
  request.account.entities.delete(entityOf(request));
  return { status: 204 };
}

/** The entity that the path names. */
export function entityOf(request: RouteRequest): Entity {
  const { account, params, path } = request;
  const entity = account.entities.find(serviceOf(request).sid, checked(params.identity), account.clock.now());
  if (!entity) throw notFound(path);
  return entity;
}

/** The entity that the path names. Twilio creates it with its first factor. */
export function entityToChange(request: RouteRequest): Entity {
  const { account, params } = request;
  const identity = checked(params.identity);
  const entity = account.entities.find(serviceOf(request).sid, identity, account.clock.now());
  return entity ?? addEntity(request, identity);
}

function addEntity(request: RouteRequest, identity: string): Entity {
  const { account } = request;
  const now = account.clock.now();
  return account.entities.add({
    sid: sid('YE'),
    serviceSid: serviceOf(request).sid,
    identity,
    createdAt: now,
    updatedAt: now,
    factors: new Map(),
    challenges: new Map(),
    factorsAt: [],
  });
}

/** Letters, digits and dashes. */
function checked(identity = ''): string {
  if (!/^[A-Za-z0-9-]{8,64}$/.test(identity)) throw invalidField('Identity');
  return identity;
}

function entityBody(entity: Entity, { account }: RouteRequest): unknown {
  const url = entityUrl(entity);
  return {
    sid: entity.sid,
    identity: entity.identity,
    account_sid: account.credentials.accountSid,
    service_sid: entity.serviceSid,
    date_created: isoSeconds(entity.createdAt),
    date_updated: isoSeconds(entity.updatedAt),
    url,
    links: { factors: `${url}/Factors`, new_factors: `${url}/Factors`, challenges: `${url}/Challenges` },
  };
}

/** The `url` of an entity. */
export function entityUrl({ serviceSid, identity }: Pick<Entity, 'serviceSid' | 'identity'>): string {
  return `${API}/Services/${serviceSid}/Entities/${identity}`;
}
