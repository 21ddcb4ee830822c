/** The request and result of a route, without HTTP, and the formats that Twilio's calls share. */
import { invalidParameter } from './errors.js';
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
export type RouteHandler = (request: RouteRequest) => RouteResult | Promise<RouteResult>;

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

/** A boolean of the form, as JavaScript (`true`) or Python (`True`) writes it. An empty one keeps the current value. */
export function formFlag(form: URLSearchParams, name: string, current: boolean): boolean {
  const value = formField(form, name)?.toLowerCase();
  if (value !== undefined && value !== 'true' && value !== 'false') throw invalidParameter(name);
  return value === undefined ? current : value === 'true';
}
