/** Renders a problem as an HTTP response (RFC 9457). */
import type { Problem } from '../../protocol/schemas.js';
import type { ProblemError } from '../../protocol/problem-error.js';
import { problems } from '../../protocol/problems.js';
import type { PlainResponse } from './response.js';

/** Seconds until a client should retry `unavailable`. A store or Twilio is usually back by then. */
const DEFAULT_RETRY_AFTER = 5;

/** Makes the problem document, with `Retry-After` (RFC 9110 section 10.2.3) if a retry makes sense. `status` replaces that of the problem. */
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
  // RFC 9110 section 11.6.1 requires a challenge with every 401.
  if (code === 'unauthenticated') headers['www-authenticate'] = 'Bearer';
  return { status, headers, body: JSON.stringify(body) };
}
