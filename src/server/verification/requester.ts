/** Who is asking: the identity, the address, and whether they may. No sending, no checking. */
import type { Identity } from '../identity/identity.js';
import type { ChallengePayload } from '../tokens/challenge-token.js';
import type { PeerConnection } from '../http/client-address.js';
import { stripCrossSiteCookies, type RequestOrigin } from '../http/origin-policy.js';
import { eligibleFactors, loadVerifiedContacts } from '../identity/eligible-factors.js';
import type { BackendContext } from '../setup/context.js';
import { ProblemError } from '../../protocol/problem-error.js';
import { twoFactorRequired } from '../identity/two-factor-policy.js';

/** The person behind a request, as far as the host knows them. */
export interface Requester {
  identity: Identity | null;
  /** The user's id, or null for nobody. */
  subject: string | null;
  address: string | null;
  /** Whether the request came with a bearer token. */
  hasBearerToken: boolean;
  /** The request as the host may see it; made when it is asked for. */
  request(): Request;
}

/** Longer ids would make a challenge longer than a token may be. */
const MAX_ID = 256;

/** Asks the host who this is; a page of another origin gets no cookies looked at. */
export async function identifyRequester(
  backend: BackendContext,
  request: Request,
  connection: PeerConnection,
  source: RequestOrigin,
): Promise<Requester> {
  const { identify } = backend.options;
  let shown: Request | undefined;
  const show = () => (shown ??= stripCrossSiteCookies(request, source));
  const identity = identify ? await backend.callHost('identify', () => identify(show())) : null;
  if (identity && (typeof identity.id !== 'string' || identity.id === '' || identity.id.length > MAX_ID)) {
    backend.emit({
      type: 'misconfigured',
      hint: `identify answered an id that is not a text of 1 to ${MAX_ID} characters.`,
    });
    throw new ProblemError('misconfigured');
  }
  const address = backend.address(request, connection);
  const hasBearerToken = /^Bearer\b/i.test(request.headers.get('authorization') ?? '');
  return { identity: identity ?? null, subject: identity?.id ?? null, address, hasBearerToken, request: show };
}

/** Lets through who may verify contacts at all: users, and anybody where the host allows it. */
export function authorizeContact(backend: BackendContext, { identity, hasBearerToken }: Requester): void {
  if (identity) return;
  // A bearer that is not recognised has expired; to go on as nobody would lose the step, where a renewed one keeps it.
  if (hasBearerToken || !backend.options.anonymous) throw new ProblemError('unauthenticated');
}

/**
 * Holds back a user who owes a second factor and has one. A thief with the password alone would otherwise verify a phone
 * of his own and receive the second factor there; who has no usable factor yet may enrol the first.
 */
export async function requireSecondFactorPassed(backend: BackendContext, { identity }: Requester): Promise<void> {
  if (identity === null || identity.secondFactor === true || backend.policy.required === 'never') return;
  const contacts = await loadVerifiedContacts(backend, identity);
  if (twoFactorRequired(backend.policy, contacts) && eligibleFactors(backend, contacts).length > 0)
    throw new ProblemError('two-factor-needed');
}

/** Lets through the user that a second factor is asked of. */
export function requireUser({ identity }: Requester): Identity {
  if (!identity) throw new ProblemError('unauthenticated');
  return identity;
}

/**
 * Whose the challenge is from now on. What somebody began before signing in, they may go on with; a challenge of another
 * user, or of one who has left, is `invalid-challenge`.
 */
export function resolveSubject(data: ChallengePayload, { subject }: Requester): string | null {
  if (data.subject === subject) return subject;
  if (data.subject === null && data.purpose === 'contact') return subject;
  throw new ProblemError('invalid-challenge');
}
