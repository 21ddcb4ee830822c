/** The parameters of a query: each is read or refused, and the pages of a list. */
import { ApiError } from './errors.js';
import type { Account } from '../model/account.js';
import type { RouteRequest, RouteResult } from './route.js';

/** The error for a parameter of a query whose value is none of Twilio's. */
export function invalidQuery({ assume }: Account, name: string): ApiError {
  return new ApiError(assume.invalidQueryCode, `Invalid parameter: ${name}`);
}

/** A query that knows which of its parameters a route has read: what no route reads, nobody may believe to work. */
export class ReadQuery extends URLSearchParams {
  readonly #read = new Set<string>();

  override get(name: string): string | null {
    this.#read.add(name);
    return super.get(name);
  }

  /** The names that no route has read. */
  unread(): string[] {
    return [...this.keys()].filter((name) => !this.#read.has(name));
  }

  /** The names that are there more than once. */
  repeated(): string[] {
    return [...this.keys()].filter((name) => this.getAll(name).length > 1);
  }
}

/** A parameter of the query, or undefined if it is absent or empty. Throws if its value is not valid. */
export function queryField(
  { account, query }: RouteRequest,
  name: string,
  isValid: (value: string) => boolean = () => true,
): string | undefined {
  const value = query.get(name) || undefined;
  if (value !== undefined && !isValid(value)) throw invalidQuery(account, name);
  return value;
}

/**
 * One page of a list, with its `meta`. A page starts where its `PageToken` says: after (`PA`) or before (`PB`) an item, so that
 * new items move nothing from one page to the next. Without a token, `Page` counts. The links keep the client's host: a client
 * that follows them must not send its credentials to the real Twilio.
 */
export function paginate<T extends { sid: string }>(
  request: RouteRequest,
  key: string,
  items: T[],
  body: (item: T) => unknown,
): RouteResult {
  const { maxPageSize } = request.account.assume;
  const size = Number(queryField(request, 'PageSize') ?? Math.min(50, maxPageSize));
  if (!Number.isInteger(size) || size < 1 || size > maxPageSize) throw new ApiError(60373);
  const page = Number(queryField(request, 'Page', (value) => /^\d{1,9}$/.test(value)) ?? 0);
  const start = startOf(request, items, size) ?? page * size;
  const shown = items.slice(start, start + size);
  const link = (number: number, token?: string): string => {
    const query = new URLSearchParams(request.query);
    query.set('PageSize', String(size));
    query.set('Page', String(number));
    query.delete('PageToken');
    if (token !== undefined) query.set('PageToken', token);
    return `${request.origin}${request.path}?${query}`;
  };
  const last = shown.at(-1);
  const meta = {
    page,
    page_size: size,
    first_page_url: link(0),
    previous_page_url: start > 0 && shown[0] ? link(Math.max(0, page - 1), `PB${shown[0].sid}`) : null,
    url: link(page, request.query.get('PageToken') || undefined),
    next_page_url: last && start + size < items.length ? link(page + 1, `PA${last.sid}`) : null,
    key,
  };
  return { status: 200, body: { [key]: shown.map(body), meta } };
}

/** The index at which the page of a token starts, or undefined without a token. */
function startOf(request: RouteRequest, items: { sid: string }[], size: number): number | undefined {
  const token = queryField(request, 'PageToken');
  if (token === undefined) return undefined;
  const index = items.findIndex(({ sid }) => sid === token.slice(2));
  if (!/^P[AB]/.test(token) || index < 0) throw invalidQuery(request.account, 'PageToken');
  return token.startsWith('PA') ? index + 1 : Math.max(0, index - size);
}
