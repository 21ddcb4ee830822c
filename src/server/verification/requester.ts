/** Who makes a request, and what they may do. Neither sends nor checks codes. */
import { ProblemError } from '../../protocol/problem-error.js';
import type { PeerConnection } from '../http/client-address.js';
import { stripCrossSiteCookies, type RequestOrigin } from '../http/origin-policy.js';
import { loadSecondFactor } from '../identity/eligible-factors.js';
import type { Identity } from '../identity/identity.js';
import type { BackendContext } from '../setup/context.js';
import type { ChallengePayload } from '../tokens/challenge-token.js';

/** The person who makes a request, as far as the host knows them. */
export interface Requester {
  identity: Identity | null;
  /** The user's id, or null if nobody is signed in. */
  subject: string | null;
  address: string | null;
  hasBearerToken: boolean;
  /** The HTTP request, as the host may see it: cookies of a cross-site request are removed. */
  request(): Request;
}

/** A challenge with a longer id in it would exceed the size limit of a token. */
const MAX_ID_LENGTH = 256;

/** Asks the host who makes the request. */
export async function identifyRequester(
  { options: { identify }, callHost, emit, address }: Pick<BackendContext, 'options' | 'callHost' | 'emit' | 'address'>,
  request: Request,
  connection: PeerConnection,
  origin: RequestOrigin,
): Promise<Requester> {
  let stripped: Request | undefined;
  const hostRequest = () => (stripped ??= stripCrossSiteCookies(request, origin));
  const identity = identify ? await callHost('identify', () => identify(hostRequest())) : null;
  if (identity && (typeof identity.id !== 'string' || identity.id === '' || identity.id.length > MAX_ID_LENGTH)) {
    emit({
      type: 'misconfigured',
      hint: `identify must return an id that is a string of 1 to ${MAX_ID_LENGTH} characters.`,
    });
    throw new ProblemError('misconfigured');
  }
  return {
    identity: identity ?? null,
    subject: identity?.id ?? null,
    address: address(request, connection),
    hasBearerToken: /^Bearer\b/i.test(request.headers.get('authorization') ?? ''),
    request: hostRequest,
  };
}

/** Admits users, and anybody if the host allows anonymous verification. Throws `unauthenticated`. */
export function authorizeContact(
  { options }: Pick<BackendContext, 'options'>,
  { identity, hasBearerToken }: Requester,
): void {
  if (identity) return;
  // A bearer token that identifies nobody has expired. If the request went on as anonymous, the page could not renew the token and keep its step.
  if (hasBearerToken || !options.anonymous) throw new ProblemError('unauthenticated');
}

/**
 * Throws `two-factor-needed` for a user who has a second factor, must pass it and has not. Otherwise a thief with only the
 * password could verify a phone of their own and receive the second factor there. A user without a factor may enrol one. A
 * factor that no code can be sent to today is one all the same, and so is an authenticator app.
 */
export async function requireSecondFactorPassed(
  context: Pick<BackendContext, 'policy' | 'options' | 'callHost' | 'emit'>,
  { identity }: Requester,
): Promise<void> {
  if (identity === null || identity.secondFactor === true || context.policy.required === 'never') return;
  const { required, factors, stored } = await loadSecondFactor(context, identity);
  if (required && factors.length + stored.length > 0) throw new ProblemError('two-factor-needed');
}

/** The signed-in user. Throws `unauthenticated` if there is none. */
export function requireUser({ identity }: Requester): Identity {
  if (!identity) throw new ProblemError('unauthenticated');
  return identity;
}

/**
 * The subject that a challenge belongs to from now on. Whoever started it anonymously may continue it after signing in.
 * Throws `invalid-challenge` if it belongs to another user, or if its user has signed out.
 */
export function resolveSubject(data: ChallengePayload, { subject }: Requester): string | null {
  if (data.subject === subject) return subject;
  if (data.subject === null && data.purpose === 'contact') return subject;
  throw new ProblemError('invalid-challenge');
}
