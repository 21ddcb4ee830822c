/** The request and result of a route, without HTTP, and the formats that Twilio's bodies share. */
import type { Account } from '../model/account.js';

/** A call, as a route receives it. */
export interface RouteRequest {
  account: Account;
  /** The path as sent, with `/v2`. */
  path: string;
  /** The scheme and host that the client used, for the links of lists. */
  origin: string;
  /** The variables of the path, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  form: URLSearchParams;
}

/** A status, and a body in Twilio's format. */
export interface RouteResult {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Handles one route. Throws an `ApiError` to refuse the call. */
export type RouteHandler = (request: RouteRequest) => RouteResult;

/** The base of every resource's `url`. It names Twilio's host in the emulator too. */
export const API = 'https://verify.twilio.com/v2';

/** ISO 8601 in whole seconds, Twilio's format for every date but one. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A field of the form. An empty one counts as absent. */
export function formField(form: URLSearchParams, name: string): string | undefined {
  return form.get(name) || undefined;
}

/** A boolean of the form, in upper or lower case. Anything else keeps the current value. */
export function formFlag(form: URLSearchParams, name: string, current: boolean): boolean {
  const value = form.get(name)?.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : current;
}

/**
 * One page of a list, with its `meta`. The links keep the client's host: a client that follows them
 * must not send its credentials to the real Twilio.
 */
export function paginate<T>(request: RouteRequest, key: string, items: T[], body: (item: T) => unknown): RouteResult {
  const size = Math.min(1000, Math.max(1, Number(request.query.get('PageSize')) || 50));
  const number = Math.max(0, Math.trunc(Number(request.query.get('Page'))) || 0);
  const link = (page: number): string => {
    const query = new URLSearchParams(request.query);
    query.set('PageSize', String(size));
    query.set('Page', String(page));
    query.delete('PageToken');
    return `${request.origin}${request.path}?${query}`;
  };
  const start = number * size;
  const meta = {
    page: number,
    page_size: size,
    first_page_url: link(0),
    previous_page_url: number > 0 ? link(number - 1) : null,
    url: link(number),
    next_page_url: start + size < items.length ? link(number + 1) : null,
    key,
  };
  return { status: 200, body: { [key]: items.slice(start, start + size).map(body), meta } };
}
