/** The routes that define programmable rate limits and their buckets. They count no sends. */
import { API, isoSeconds, formField } from './route.js';
import { paginate } from './query.js';
import { invalidParameter, missingParameter, notFound, ApiError } from './errors.js';
import { sid } from '../model/identifiers.js';
import { serviceOf } from './services.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Bucket, RateLimit } from '../model/rate-limits.js';

/** `GET …/RateLimits`. */
export function listRateLimits(request: RouteRequest): RouteResult {
  const service = serviceOf(request);
  const own = [...request.account.rateLimits.all.values()].filter((one) => one.serviceSid === service.sid);
  return paginate(request, 'rate_limits', own, (one) => rateLimitBody(one, request));
}

/** `POST …/RateLimits`. A rate limit without buckets limits nothing. */
export function createRateLimit(request: RouteRequest): RouteResult {
  const { account, form } = request;
  const { sid: serviceSid } = serviceOf(request);
  const uniqueName = formField(form, 'UniqueName');
  if (!uniqueName) throw missingParameter('UniqueName');
  if (!/^[A-Za-z0-9_.-]+$/.test(uniqueName)) throw new ApiError(60209);
  const own = [...account.rateLimits.all.values()].filter((one) => one.serviceSid === serviceSid);
  if (own.some((one) => one.uniqueName === uniqueName)) throw new ApiError(60208);
  if (own.length >= account.assume.maxRateLimits) throw new ApiError(60207);
  const now = account.clock.now();
  const description = formField(form, 'Description') ?? null;
  const limit = { sid: sid('RK'), serviceSid, uniqueName, description, buckets: [], createdAt: now, updatedAt: now };
  account.rateLimits.all.set(limit.sid, limit);
  return { status: 201, body: rateLimitBody(limit, request) };
}

/** `GET …/RateLimits/{sid or unique name}`. */
export const fetchRateLimit = (request: RouteRequest): RouteResult => ({
  status: 200,
  body: rateLimitBody(rateLimitOf(request), request),
});

/** `POST …/RateLimits/{sid}`. Only the description can change. */
export function updateRateLimit(request: RouteRequest): RouteResult {
  const limit = rateLimitOf(request);
  limit.description = request.form.get('Description') ?? limit.description;
  limit.updatedAt = request.account.clock.now();
  return { status: 200, body: rateLimitBody(limit, request) };
}

/** `DELETE …/RateLimits/{sid}`. */
export function deleteRateLimit(request: RouteRequest): RouteResult {
  request.account.rateLimits.all.delete(rateLimitOf(request).sid);
  return { status: 204 };
}

/** `GET …/Buckets`. */
export function listBuckets(request: RouteRequest): RouteResult {
  const limit = rateLimitOf(request);
  return paginate(request, 'buckets', limit.buckets, (bucket) => bucketBody(bucket, limit, request));
}

/** `POST …/Buckets`: `Max` sends in `Interval` seconds. */
export function createBucket(request: RouteRequest): RouteResult {
  const limit = rateLimitOf(request);
  const now = request.account.clock.now();
  const max = positiveInteger(request.form, 'Max');
  const interval = positiveInteger(request.form, 'Interval');
  if (limit.buckets.some((one) => one.interval === interval)) throw new ApiError(60211);
  if (limit.buckets.length >= request.account.assume.maxBuckets) throw new ApiError(60210);
  const bucket = { sid: sid('BL'), max, interval, createdAt: now, updatedAt: now };
  limit.buckets.push(bucket);
  return { status: 201, body: bucketBody(bucket, limit, request) };
}

/** `GET …/Buckets/{sid}`. */
export function fetchBucket(request: RouteRequest): RouteResult {
  const { limit, bucket } = bucketOf(request);
  return { status: 200, body: bucketBody(bucket, limit, request) };
}

/** `POST …/Buckets/{sid}`. The counts stay. */
export function updateBucket(request: RouteRequest): RouteResult {
  const { limit, bucket } = bucketOf(request);
  bucket.max = positiveInteger(request.form, 'Max', bucket.max);
  bucket.interval = positiveInteger(request.form, 'Interval', bucket.interval);
  bucket.updatedAt = request.account.clock.now();
  return { status: 200, body: bucketBody(bucket, limit, request) };
}

/** `DELETE …/Buckets/{sid}`. */
export function deleteBucket(request: RouteRequest): RouteResult {
  const { limit, bucket } = bucketOf(request);
  limit.buckets.splice(limit.buckets.indexOf(bucket), 1);
  return { status: 204 };
}

function rateLimitOf(request: RouteRequest): RateLimit {
  const limit = request.account.rateLimits.find(serviceOf(request).sid, request.params.limit ?? '');
  if (!limit) throw notFound(request.path);
  return limit;
}

function bucketOf(request: RouteRequest): { limit: RateLimit; bucket: Bucket } {
  const limit = rateLimitOf(request);
  const bucket = limit.buckets.find((one) => one.sid === request.params.bucket);
  if (!bucket) throw notFound(request.path);
  return { limit, bucket };
}

function positiveInteger(form: URLSearchParams, name: string, before?: number): number {
  const text = formField(form, name);
  if (text === undefined && before === undefined) throw missingParameter(name);
  const value = Number(text ?? before);
  if (!Number.isInteger(value) || value < 1) throw invalidParameter(name);
  return value;
}

function rateLimitBody(limit: RateLimit, { account }: RouteRequest): unknown {
  const url = `${API}/Services/${limit.serviceSid}/RateLimits/${limit.sid}`;
  return {
    sid: limit.sid,
    service_sid: limit.serviceSid,
    account_sid: account.credentials.accountSid,
    unique_name: limit.uniqueName,
    description: limit.description,
    date_created: isoSeconds(limit.createdAt),
    date_updated: isoSeconds(limit.updatedAt),
    url,
    links: { buckets: `${url}/Buckets` },
  };
}

function bucketBody(bucket: Bucket, limit: RateLimit, { account }: RouteRequest): unknown {
  return {
    sid: bucket.sid,
    rate_limit_sid: limit.sid,
    service_sid: limit.serviceSid,
    account_sid: account.credentials.accountSid,
    max: bucket.max,
    interval: bucket.interval,
    date_created: isoSeconds(bucket.createdAt),
    date_updated: isoSeconds(bucket.updatedAt),
    url: `${API}/Services/${limit.serviceSid}/RateLimits/${limit.sid}/Buckets/${bucket.sid}`,
  };
}
