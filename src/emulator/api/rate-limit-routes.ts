/** The routes that define programmable rate limits and their buckets; nothing here counts. */
import { API, isoSeconds, formField, paginate } from './route.js';
import { invalidParameter, notFound, ApiError } from './errors.js';
import { sid } from '../model/identifiers.js';
import { serviceOf } from './services.js';
import type { RouteResult, RouteRequest } from './route.js';
import type { Bucket, RateLimit } from '../model/rate-limits.js';

/** `GET …/RateLimits`. */
export function listRateLimits(asked: RouteRequest): RouteResult {
  const service = serviceOf(asked);
  const own = [...asked.account.rateLimits.all.values()].filter((one) => one.serviceSid === service.sid);
  return paginate(asked, 'rate_limits', own, (one) => rateLimitBody(one, asked));
}

/** `POST …/RateLimits`; without a bucket it limits nothing. */
export function createRateLimit(asked: RouteRequest): RouteResult {
  const { account, form } = asked;
  const { sid: serviceSid } = serviceOf(asked);
  const uniqueName = formField(form, 'UniqueName');
  if (!uniqueName) throw new ApiError(20001, 'Missing required parameter UniqueName in the post body');
  if (!/^[A-Za-z0-9_.-]+$/.test(uniqueName)) throw new ApiError(60209);
  const own = [...account.rateLimits.all.values()].filter((one) => one.serviceSid === serviceSid);
  if (own.some((one) => one.uniqueName === uniqueName)) throw new ApiError(60208);
  if (own.length >= account.assume.maxRateLimits) throw new ApiError(60207);
  const now = account.clock.now();
  const description = formField(form, 'Description') ?? null;
  const limit = { sid: sid('RK'), serviceSid, uniqueName, description, buckets: [], createdAt: now, updatedAt: now };
  account.rateLimits.all.set(limit.sid, limit);
  return { status: 201, body: rateLimitBody(limit, asked) };
}

/** `GET …/RateLimits/{sid or unique name}`. */
export const fetchRateLimit = (asked: RouteRequest): RouteResult => ({
  status: 200,
  body: rateLimitBody(rateLimitOf(asked), asked),
});

/** `POST …/RateLimits/{sid}`: the description alone can change. */
export function updateRateLimit(asked: RouteRequest): RouteResult {
  const limit = rateLimitOf(asked);
  limit.description = asked.form.get('Description') ?? limit.description;
  limit.updatedAt = asked.account.clock.now();
  return { status: 200, body: rateLimitBody(limit, asked) };
}

/** `DELETE …/RateLimits/{sid}`. */
export function deleteRateLimit(asked: RouteRequest): RouteResult {
  asked.account.rateLimits.all.delete(rateLimitOf(asked).sid);
  return { status: 204 };
}

/** `GET …/Buckets`. */
export function listBuckets(asked: RouteRequest): RouteResult {
  const limit = rateLimitOf(asked);
  return paginate(asked, 'buckets', limit.buckets, (bucket) => bucketBody(bucket, limit, asked));
}

/** `POST …/Buckets`: `Max` sends in `Interval` seconds. */
export function createBucket(asked: RouteRequest): RouteResult {
  const limit = rateLimitOf(asked);
  const now = asked.account.clock.now();
  const max = count(asked.form, 'Max');
  const interval = count(asked.form, 'Interval');
  if (limit.buckets.some((one) => one.interval === interval)) throw new ApiError(60211);
  if (limit.buckets.length >= asked.account.assume.maxBuckets) throw new ApiError(60210);
  const bucket = { sid: sid('BL'), max, interval, createdAt: now, updatedAt: now };
  limit.buckets.push(bucket);
  return { status: 201, body: bucketBody(bucket, limit, asked) };
}

/** `GET …/Buckets/{sid}`. */
export function fetchBucket(asked: RouteRequest): RouteResult {
  const { limit, bucket } = bucketOf(asked);
  return { status: 200, body: bucketBody(bucket, limit, asked) };
}

/** `POST …/Buckets/{sid}`; what was counted stays. */
export function updateBucket(asked: RouteRequest): RouteResult {
  const { limit, bucket } = bucketOf(asked);
  bucket.max = count(asked.form, 'Max', bucket.max);
  bucket.interval = count(asked.form, 'Interval', bucket.interval);
  bucket.updatedAt = asked.account.clock.now();
  return { status: 200, body: bucketBody(bucket, limit, asked) };
}

/** `DELETE …/Buckets/{sid}`. */
export function deleteBucket(asked: RouteRequest): RouteResult {
  const { limit, bucket } = bucketOf(asked);
  limit.buckets.splice(limit.buckets.indexOf(bucket), 1);
  return { status: 204 };
}

function rateLimitOf(asked: RouteRequest): RateLimit {
  const limit = asked.account.rateLimits.find(serviceOf(asked).sid, asked.params.limit ?? '');
  if (!limit) throw notFound(asked.path);
  return limit;
}

function bucketOf(asked: RouteRequest): { limit: RateLimit; bucket: Bucket } {
  const limit = rateLimitOf(asked);
  const bucket = limit.buckets.find((one) => one.sid === asked.params.bucket);
  if (!bucket) throw notFound(asked.path);
  return { limit, bucket };
}

function count(form: URLSearchParams, name: string, before?: number): number {
  const text = formField(form, name);
  if (text === undefined && before === undefined) {
    throw new ApiError(20001, `Missing required parameter ${name} in the post body`);
  }
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
