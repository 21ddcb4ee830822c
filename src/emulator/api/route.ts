/** What a route is asked and what it answers, before HTTP; and the shapes that all of Twilio's bodies share. */
import type { Account } from '../model/account.js';

/** A call as the routes see it. */
export interface RouteRequest {
  account: Account;
  /** As sent, with `/v2`. */
  path: string;
  /** Scheme and host that the client used, for the links of lists. */
  origin: string;
  /** The variable parts of the path, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
  form: URLSearchParams;
}

/** A status and a body in Twilio's spelling. */
export interface RouteResult {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Answers one route. Refuses by throwing a `Refusal`. */
export type RouteHandler = (asked: RouteRequest) => RouteResult;

/** The host that stands in every `url` of a resource, also here. */
export const API = 'https://verify.twilio.com/v2';

/** ISO 8601 in whole seconds, as Twilio writes every date but one. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A field of the form; an empty one counts as absent. */
export function formField(form: URLSearchParams, name: string): string | undefined {
  return form.get(name) || undefined;
}

/** `true` or `false` of a form, in any case; anything else is the value before. */
export function formFlag(form: URLSearchParams, name: string, before: boolean): boolean {
  const value = form.get(name)?.toLowerCase();
  return value === 'true' ? true : value === 'false' ? false : before;
}

/**
 * One page of a list with its `meta`. The links stay at the client's own host: a client that follows them
 * must not carry its credentials from here to the real Twilio.
 */
export function paginate<T>(asked: RouteRequest, key: string, items: T[], body: (item: T) => unknown): RouteResult {
  const size = Math.min(1000, Math.max(1, Number(asked.query.get('PageSize')) || 50));
  const number = Math.max(0, Math.trunc(Number(asked.query.get('Page'))) || 0);
  const link = (page: number): string => {
    const query = new URLSearchParams(asked.query);
    query.set('PageSize', String(size));
    query.set('Page', String(page));
    query.delete('PageToken');
    return `${asked.origin}${asked.path}?${query}`;
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
