/** A problem as an error to throw, and as the answer that people's browsers get (RFC 9457). Nothing of Twilio's wording passes through here. */
import type { Problem } from '../../protocol/schemas.js';
import { problems, type ProblemCode } from '../../protocol/problems.js';
import type { PlainResponse } from './response.js';

/** What a problem may say besides its code: `attemptsLeft` after a wrong code, `retryIn` in whole seconds. */
export interface ProblemDetails {
  attemptsLeft?: number;
  retryIn?: number;
}

/** Thrown anywhere in a route, answered by the handler as problem details. Its message is the problem's public title. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(problems[code].title);
    this.code = code;
    this.details = details;
  }
}

/** How long a client waits before it asks again where no counter says: a store or Twilio is usually back by then. */
const DEFAULT_RETRY_AFTER = 5;

/** The problem document with its status, or another given, and `Retry-After` (RFC 9110 section 10.2.3) wherever there is something to wait for. */
export function problemResponse(
  { code, details }: ProblemError,
  status: number = problems[code].status,
): PlainResponse {
  const { title } = problems[code];
  const retryIn = details.retryIn ?? (code === 'unavailable' ? DEFAULT_RETRY_AFTER : undefined);
  const body: Problem = { type: `urn:verify-contact:problem:${code}`, title, status, code };
  if (details.attemptsLeft !== undefined) body.attemptsLeft = details.attemptsLeft;
  if (retryIn !== undefined) body.retryIn = retryIn;
  const headers: PlainResponse['headers'] = { 'content-type': 'application/problem+json' };
  if (retryIn !== undefined) headers['retry-after'] = String(retryIn);
  // RFC 9110 section 11.6.1 wants a challenge with every 401; the cookie's owner is told by the document.
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  return { status, headers, body: JSON.stringify(body) };
}
