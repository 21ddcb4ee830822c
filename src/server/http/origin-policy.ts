/** Which pages may use this backend: the defence against requests that another site's page sends (OWASP, Cross-Site Request Forgery Prevention). Pure. */
import type { PlainResponse } from './response.js';
import { ProblemError } from '../../protocol/problem-error.js';

/** Where a request comes from: our own page or no page at all, or a listed page of another origin. */
export type RequestOrigin = { site: 'own' } | { site: 'other'; origin: string };

const own: RequestOrigin = { site: 'own' };

/**
 * Decides by `Sec-Fetch-Site`, which a page cannot forge, and by `Origin` where an old browser does not send it.
 * A request with neither does not come from a browser, and is allowed. Throws `forbidden-origin` for all other pages,
 * and for the origin `null` always: sandboxed frames and `data:` pages of anybody share it.
 */
export function checkOrigin(request: Request, origins: readonly string[]): RequestOrigin {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (site === 'same-origin') return own;
  if (site === 'none' && origin === null) return own;
  if (site === null) {
    if (origin === null) return own;
    if (isOwnOrigin(origin, request)) return own;
  }
  if (origin !== null && origin !== 'null' && origins.includes(origin)) return { site: 'other', origin };
  throw new ProblemError('forbidden-origin');
}

/** The same host and port. A proxy that ends TLS makes our own URL `http:`, so a page may be `https:` where we seem not to be, never the reverse. */
function isOwnOrigin(origin: string, request: Request): boolean {
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  const ours = new URL(request.url);
  if (page.origin !== origin || page.hostname !== ours.hostname) return false;
  if (page.protocol === ours.protocol) return page.port === ours.port;
  const host = request.headers.get('host') ?? ours.host;
  return page.protocol === 'https:' && ours.protocol === 'http:' && page.host === host;
}

/**
 * What the host's functions get to see: the request without its body, which has been read. A page of another origin is
 * known by `Authorization` alone: its browser may attach our cookies unasked, so they do not say who wrote the request.
 */
export function stripCrossSiteCookies(request: Request, source: RequestOrigin): Request {
  const headers = new Headers(request.headers);
  if (source.site === 'other') headers.delete('cookie');
  return new Request(request.url, { method: request.method, headers });
}

/** Adds to an answer what lets a listed page read it, without credentials, and what keeps caches from mixing pages up. */
export function addCorsHeaders(headers: PlainResponse['headers'], request: Request, origins: readonly string[]): void {
  headers.vary = `${headers.vary ? `${headers.vary}, ` : ''}Origin, Sec-Fetch-Site`;
  const origin = request.headers.get('origin');
  if (origin === null || origin === 'null' || !origins.includes(origin)) return;
  headers['access-control-allow-origin'] = origin;
  headers['access-control-expose-headers'] = 'Retry-After';
}

/** The answer to a preflight (Fetch standard, CORS-preflight fetch), which changes nothing. Throws `forbidden-origin` for a page not listed. */
export function handlePreflight(request: Request, methods: string, origins: readonly string[]): PlainResponse {
  const headers: PlainResponse['headers'] = { allow: methods };
  if (request.headers.has('access-control-request-method')) {
    if (!origins.includes(request.headers.get('origin') ?? 'null')) throw new ProblemError('forbidden-origin');
    headers['access-control-allow-methods'] = methods;
    headers['access-control-allow-headers'] = 'content-type, authorization, idempotency-key';
    headers['access-control-max-age'] = '600';
    headers.vary = 'Access-Control-Request-Method, Access-Control-Request-Headers';
  }
  return { status: 204, headers, body: null };
}
