/** Calls the backend, and never throws. The only file of the page that uses the network. Keeps nothing but a renewed token. */
import type {
  Challenge,
  CheckRequest,
  CheckResult,
  ContactRequest,
  NotRequired,
  Problem,
  ProofRequest,
  ProofResult,
  ResendRequest,
  TwoFactorRequest,
} from '../protocol/schemas.js';
import { isChallenge, isCheckResult, isNotRequired, toProblem } from './type-guards.js';
import type { FlowProblem } from './state-machine.js';

/** The longest response that is read, in characters. The documented ones have less than a tenth of that. */
const MAX_LENGTH = 65_536;

/** The documented response, or the problem to show. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: FlowProblem };

/** The requests of the protocol. Implement it yourself to replace the network. Without `proof`, an element takes no proof back. */
export interface Client {
  contact(body: ContactRequest, signal: AbortSignal): Promise<Result<Challenge>>;
  twoFactor(body: TwoFactorRequest, signal: AbortSignal): Promise<Result<Challenge | NotRequired>>;
  resend(body: ResendRequest, signal: AbortSignal): Promise<Result<Challenge>>;
  check(body: CheckRequest, idempotencyKey: string, signal: AbortSignal): Promise<Result<CheckResult>>;
  proof?(body: ProofRequest, signal: AbortSignal): Promise<Result<ProofResult>>;
}

/** Each option is read again at each request, so getters can follow attributes that change. */
export interface HttpClientOptions {
  /** Where the backend is mounted, absolute or relative to the page. `/verify` if it is empty. */
  readonly endpoint: string;
  /** A bearer token of the page's own backend, sent as `Authorization`. No header is sent without one. */
  readonly token?: string | null | undefined;
  /** Returns a token. Called when there is none, and once more after a 401. */
  readonly getToken?: (() => Promise<string | null | undefined> | string | null | undefined) | null | undefined;
  /** The platform's `fetch` unless passed in. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Milliseconds until a request without a complete response is aborted, with the time that `getToken` takes. Default 30,000, which is longer than the backend waits for Twilio. */
  readonly timeout?: number | undefined;
}

/**
 * The backend over `fetch`. No response is the problem `unreachable`. A response of another shape than documented is
 * `unavailable`, never a success, and the console explains it to the page's developer.
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
    extraHeaders?: HeadersInit,
  ): Promise<Result<T>> {
    const url = `${(options.endpoint || '/verify').replace(/\/$/, '')}/${path}`;
    const limit = AbortSignal.timeout(options.timeout ?? 30_000);
    const aborted = AbortSignal.any([signal, limit]);
    const post = async () => {
      aborted.throwIfAborted();
      const bearer = token();
      const response = await (options.fetch ?? fetch)(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(bearer && { authorization: `Bearer ${bearer}` }),
          ...extraHeaders,
        },
        body: JSON.stringify(body),
        // A redirect could carry the contact or the code to another origin.
        redirect: 'error',
        signal: aborted,
      });
      return [response, await readJson(response)] as const;
    };
    const exchange = async (): Promise<Result<T>> => {
      if (!token()) await renew();
      let [response, value] = await post();
      if (response.status === 401 && options.getToken) {
        await renew();
        [response, value] = await post();
      }
      if (response.ok && isDocumented(value)) return { ok: true, value };
      return { ok: false, problem: parseProblem(value) ?? notOurBackend(url, response) };
    };
    try {
      // The page's own `getToken` and `fetch` may never answer, and ignore the signal. Also, Node 20 lets a timeout be
      // garbage-collected that only `AbortSignal.any` refers to, but not one with a listener.
      return await Promise.race([
        exchange(),
        new Promise<never>((_, reject) => {
          limit.onabort = reject;
        }),
      ]);
    } catch {
      return { ok: false, problem: { code: 'unreachable' } };
    }
  }

  return {
    contact: (body, signal) => call('contact', body, signal, isChallenge),
    twoFactor: (body, signal) => call('two-factor', body, signal, isStart),
    resend: (body, signal) => call('resend', body, signal, isChallenge),
    check: (body, key, signal) => call('check', body, signal, isCheckResult, { 'idempotency-key': key }),
    proof: (body, signal) => call('proof', body, signal, isProofResult),
  };
}

// The rest is looked at where it is used, in a chunk.
const isProofResult = (value: unknown): value is ProofResult => isCheckResult(value);
const isStart = (value: unknown): value is Challenge | NotRequired => isChallenge(value) || isNotRequired(value);

/** The body, or undefined if it is not JSON or longer than any documented one. An endless body would fill the memory. */
async function readJson({ body }: Response): Promise<unknown> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    text += decoder.decode(value, { stream: !done });
    if (done) break;
    if (text.length > MAX_LENGTH) return void reader?.cancel().catch(() => undefined);
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Our RFC 9457 problem details. JSON of a proxy or framework that merely has a `code` does not count. */
function parseProblem(value: unknown): FlowProblem | null {
  const { type } = (value ?? {}) as Partial<Problem>;
  const problem = toProblem(value);
  return type === `urn:verify-contact:problem:${problem.code}` ? problem : null;
}

function notOurBackend(url: string, { status }: Response): FlowProblem {
  // Another backend need not know the question about a proof, and the element does without an answer.
  if (!url.endsWith('/proof'))
    // eslint-disable-next-line no-console -- only the page's developer can fix this
    console.error(`verify-contact: ${url} (${status}) is not its backend. Is "endpoint" right?`);
  return { code: 'unavailable' };
}
