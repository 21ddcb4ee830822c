/** Decides which pages may use this backend, against cross-site request forgery (OWASP, Cross-Site Request Forgery Prevention). Pure. */
import type { PlainResponse } from './response.js';
import { ProblemError } from '../../protocol/problem-error.js';

/** Where a request comes from: `own` is a page of our own origin or no page at all, `other` a page of a listed origin. */
export type RequestOrigin = { site: 'own' } | { site: 'other'; origin: string };

const own: RequestOrigin = { site: 'own' };

/**
 * Decides by `Sec-Fetch-Site`, which a page cannot forge, or by `Origin` in old browsers that do not send it.
 * A request with neither does not come from a browser, and is allowed. Throws `forbidden-origin` for every other page,
 * and always for the origin `null`, which sandboxed frames and `data:` pages of any site share.
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

/** Compares host and port. Behind a proxy that terminates TLS our own URL is `http:`, so the page may be `https:`; the reverse is refused. */
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
 * The request as the host's functions get it, without its body. The request of another origin also loses its cookies: the
 * browser attaches them by itself, so they do not prove who wrote the request. `Authorization` does.
 */
export function stripCrossSiteCookies(request: Request, origin: RequestOrigin): Request {
  const headers = new Headers(request.headers);
  if (origin.site === 'other') headers.delete('cookie');
  return new Request(request.url, { method: request.method, headers });
}

/** Adds the headers that let a listed page read the response, without credentials, and that keep caches from mixing up origins. */
export function addCorsHeaders(headers: PlainResponse['headers'], request: Request, origins: readonly string[]): void {
  headers.vary = `${headers.vary ? `${headers.vary}, ` : ''}Origin, Sec-Fetch-Site`;
  const origin = request.headers.get('origin');
  if (origin === null || origin === 'null' || !origins.includes(origin)) return;
  headers['access-control-allow-origin'] = origin;
  headers['access-control-expose-headers'] = 'Retry-After';
}

/** Answers a preflight (Fetch standard, CORS-preflight fetch). Throws `forbidden-origin` for an origin that is not listed. */
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
