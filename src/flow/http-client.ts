/** The backend as calls that never throw. The only file of the page that touches the network; it keeps nothing but a renewed token. */
import type {
  Challenge,
  CheckRequest,
  CheckResult,
  ContactRequest,
  NotRequired,
  Problem,
  ResendRequest,
  TwoFactorRequest,
} from '../protocol/schemas.js';
import { isChallenge, isCheckResult, isNotRequired } from './type-guards.js';
import type { FlowProblem } from './state-machine.js';

/** What came back: the documented answer, or what to tell the person. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: FlowProblem };

/** The four calls of the contract. An implementation of yours may take the place of the network. */
export interface Client {
  contact(body: ContactRequest, signal: AbortSignal): Promise<Result<Challenge>>;
  twoFactor(body: TwoFactorRequest, signal: AbortSignal): Promise<Result<Challenge | NotRequired>>;
  resend(body: ResendRequest, signal: AbortSignal): Promise<Result<Challenge>>;
  check(body: CheckRequest, idempotencyKey: string, signal: AbortSignal): Promise<Result<CheckResult>>;
}

/** Every option is read again at each call, so getters keep it true to attributes that change. */
export interface HttpClientOptions {
  /** Where the backend is mounted, absolute or relative to the page; `/verify` where it is empty. */
  readonly endpoint: string;
  /** A bearer token of the page's own backend; nothing is sent without one. */
  readonly token?: string | null | undefined;
  /** Asked for a token where there is none, and once more after a 401. */
  readonly getToken?: (() => Promise<string | null | undefined> | string | null | undefined) | null | undefined;
  /** The platform's unless handed in. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Milliseconds until a call without an answer is given up; 30,000 by default, longer than the backend waits for Twilio. */
  readonly timeout?: number | undefined;
}

/**
 * The backend over `fetch`. An answer that cannot be had is `unreachable`; one that is not of the documented shape is
 * `unavailable` and never a success, with a sentence for the developer in the console.
 */
export function httpClient(options: HttpClientOptions): Client {
  let stale: string | null | undefined;
  let fresh: string | null | undefined;

  const token = () => (fresh && options.token === stale ? fresh : options.token);
  const renew = async () => {
    stale = options.token;
    fresh = await options.getToken?.();
  };

  async function call<T>(
    path: string,
    body: object,
    signal: AbortSignal,
    isDocumented: (value: unknown) => value is T,
    more?: HeadersInit,
  ): Promise<Result<T>> {
    const url = `${(options.endpoint || '/verify').replace(/\/$/, '')}/${path}`;
    const post = () => {
      const bearer = token();
      return (options.fetch ?? fetch)(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }), ...more },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(options.timeout ?? 30_000)]),
      });
    };
    try {
      if (!token()) await renew();
      let response = await post();
      if (response.status === 401 && options.getToken) {
        await renew();
        response = await post();
      }
      const value: unknown = await response.json().catch(() => null);
      if (response.ok && isDocumented(value)) return { ok: true, value };
      return { ok: false, problem: parseProblem(value) ?? notOurBackend(url, response) };
    } catch {
      return { ok: false, problem: { code: 'unreachable' } };
    }
  }

  return {
    contact: (body, signal) => call('contact', body, signal, isChallenge),
    twoFactor: (body, signal) => call('two-factor', body, signal, isStart),
    resend: (body, signal) => call('resend', body, signal, isChallenge),
    check: (body, key, signal) => call('check', body, signal, isCheckResult, { 'idempotency-key': key }),
  };
}

const isStart = (value: unknown): value is Challenge | NotRequired => isChallenge(value) || isNotRequired(value);

/** RFC 9457 problem details of ours; somebody else's JSON with a `code` in it (a proxy's, a framework's) is none. */
function parseProblem(value: unknown): FlowProblem | null {
  const { type, code, attemptsLeft, retryIn } = (value ?? {}) as Partial<Problem>;
  return code && type === `urn:verify-contact:problem:${code}` ? { code, attemptsLeft, retryIn } : null;
}

function notOurBackend(url: string, { status }: Response): FlowProblem {
  // eslint-disable-next-line no-console -- the page's developer is the one who can mend this
  console.error(`verify-contact: ${url} (${status}) is not its backend. Is "endpoint" right?`);
  return { code: 'unavailable' };
}
