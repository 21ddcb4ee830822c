/** Renders a problem as an HTTP response (RFC 9457). */
import type { Problem } from '../../protocol/schemas.js';
import type { ProblemError } from '../../protocol/problem-error.js';
import { problems } from '../../protocol/problems.js';
import type { PlainResponse } from './response.js';

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
