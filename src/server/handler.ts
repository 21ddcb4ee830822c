/** The backend: `(Request) => Promise<Response>`. Routes, and what holds for all of them; what each does stands in a file of its own. */
import type { z } from 'zod';
import { CheckRequest, ContactRequest, IdempotencyKey, ResendRequest, TwoFactorRequest } from '../protocol/schemas.js';
import { jsonResponse, toResponse, type PlainResponse } from './http/response.js';
import { identifyRequester, type Requester } from './verification/requester.js';
import { parseJsonBody } from './http/request-body.js';
import { loadPhoneMetadata } from './contacts/phone-metadata.js';
import { checkCode } from './verification/check/check-code.js';
import type { PeerConnection } from './http/client-address.js';
import { addCorsHeaders, handlePreflight, checkOrigin } from './http/origin-policy.js';
import { describeError } from './setup/events.js';
import { openApiText } from './http/openapi.js';
import { MissingPackageError } from './runtime/optional-package.js';
import type { HandlerOptions } from './setup/options.js';
import type { BackendContext } from './setup/context.js';
import { createContext } from './setup/create-context.js';
import { ProblemError } from '../protocol/problem-error.js';
import { problemResponse } from './http/problem-response.js';
import { resend, startContact, startTwoFactor } from './verification/send/send-routes.js';
import { StoreError } from './store/store.js';

/** What `createHandler` makes. `connection` is what the server knows of the peer; `close` lets go of the connections to Twilio. */
export interface Handler {
  (request: Request, connection?: PeerConnection): Promise<Response>;
  /** The same before it is a `Response`, for a server that has a cheaper way to write it. */
  answer(request: Request, connection?: PeerConnection): Promise<PlainResponse>;
  /**
   * Resolves once the keys are known to be good and the store has been asked whether it is there, so that the first person
   * does not wait for a driver and a connection. Rejects with one sentence for bad keys and for a driver that is not installed.
   * A store that is out of reach rejects nothing: it may come back, an event tells of it, and `health` says so.
   */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** How long keys and documents may be kept, in seconds: also how early a rotated key must be published. */
const PUBLIC = 'public, max-age=300';

const BODY_ALREADY_READ =
  'The body of the request was read before verify-contact got it: mount it before express.json() and other parsers, or leave what they parsed in `body` of Node’s request.';

/** What every answer says, unless it says otherwise. */
const securityHeaders: PlainResponse['headers'] = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // A JSON document that a browser is made to open shows nothing, runs nothing and is framed nowhere.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

interface Route {
  /** Those it answers, and OPTIONS. */
  methods: string;
  answer(request: Request, connection: PeerConnection): Promise<PlainResponse>;
}

/**
 * Makes the backend of both elements. It finds a route by the last segment of the path, so it mounts under any path.
 * Throws a `TypeError` of one sentence for options that are missing or wrong, for limits a `RangeError`.
 */
export function createHandler(options: HandlerOptions): Handler {
  const { backend: pendingContext, verifyClient } = createContext(options);
  // Each request meets the rejection again; this one only keeps it from ending the process before the first.
  pendingContext.catch(() => undefined);
  let loaded: BackendContext | undefined;
  const loading = async () => (loaded = (await Promise.all([pendingContext, loadPhoneMetadata()]))[0]);
  const origins = options.origins ?? [];
  const reading = (answer: Route['answer']): Route => ({ methods: 'GET, HEAD, OPTIONS', answer });
  const routes = new Map<string, Route>([
    ['contact', post(ContactRequest, 201, startContact)],
    ['two-factor', post(TwoFactorRequest, 201, startTwoFactor)],
    ['resend', post(ResendRequest, 200, resend)],
    [
      'check',
      post(CheckRequest, 200, (backend, requester, body, request) => {
        const key = IdempotencyKey.safeParse(request.headers.get('idempotency-key'));
        if (!key.success) throw new ProblemError('invalid-request');
        return checkCode(backend, requester, body, key.data);
      }),
    ],
    [
      'jwks.json',
      reading(async () =>
        publicDocument(JSON.stringify((await pendingContext).keyRing.jwks), 'application/jwk-set+json'),
      ),
    ],
    ['openapi.json', reading(async () => publicDocument(openApiText(), 'application/json'))],
    [
      'health',
      reading(async (request) => {
        const ready = await pendingContext
          .then((backend) => backend.store.ready())
          .then(
            () => true,
            () => false,
          );
        // A process that cannot reach its store is not to be killed: a new one would not reach it either.
        const live = new URL(request.url).searchParams.has('live');
        return jsonResponse({ live: true, ready }, ready || live ? 200 : 503);
      }),
    ],
  ]);

  /** The route's answer, or what it means that there is none. */
  async function dispatch(request: Request, connection: PeerConnection): Promise<PlainResponse> {
    const name = lastSegment(request);
    const route = routes.get(name);
    if (!route) return problemResponse(new ProblemError('not-found'));
    const { methods, answer } = route;
    try {
      if (request.method === 'OPTIONS') return handlePreflight(request, methods, origins);
      if (methods.split(', ').includes(request.method)) return await answer(request, connection);
    } catch (error) {
      const problem = await toProblem(error, pendingContext, options);
      const backend = await pendingContext.catch(() => null);
      backend?.emit({ type: 'refused', route: name, problem: problem.code });
      return problemResponse(problem);
    }
    const { headers, ...refused } = problemResponse(new ProblemError('invalid-request'), 405);
    return { ...refused, headers: { ...headers, allow: methods } };
  }

  async function answer(request: Request, connection: PeerConnection = {}): Promise<PlainResponse> {
    const { status, headers: own, body } = await dispatch(request, connection);
    // Not by spreading both: V8 makes a dictionary of what begins with a spread and grows, at 4 µs (Node 20).
    const headers = Object.assign({}, securityHeaders, own);
    addCorsHeaders(headers, request, origins);
    return { status, headers, body };
  }

  const handler = async (request: Request, connection?: PeerConnection): Promise<Response> =>
    toResponse(await answer(request, connection), request.method);
  return Object.assign(handler, {
    answer,
    ready: async () => await warmUp(await pendingContext),
    close: () => verifyClient.close(),
  });

  /** What every route does that changes something: where from, what, who, and then its own business. */
  function post<T>(
    schema: z.ZodType<T>,
    status: 200 | 201,
    act: (backend: BackendContext, requester: Requester, body: T, request: Request) => Promise<object>,
  ): Route {
    return {
      methods: 'POST, OPTIONS',
      async answer(request, connection) {
        const backend = loaded ?? (await loading());
        const source = checkOrigin(request, origins);
        if (request.bodyUsed) {
          backend.emit({ type: 'misconfigured', hint: BODY_ALREADY_READ });
          throw new ProblemError('misconfigured');
        }
        const body = await parseJsonBody(request, schema);
        const requester = await identifyRequester(backend, request, connection, source);
        const said = await act(backend, requester, body, request);
        return jsonResponse(said, 'required' in said ? 200 : status);
      },
    };
  }
}

/** `/any/mount/contact` → `contact`. */
function lastSegment({ url }: Request): string {
  // A request's URL has been parsed before: to cut it costs a tenth of parsing it again.
  const end = url.search(/[?#]|$/);
  return url.slice(url.lastIndexOf('/', end) + 1, end);
}

function publicDocument(body: string, type: string): PlainResponse {
  return { status: 200, headers: { 'content-type': type, 'cache-control': PUBLIC }, body };
}

/** Asks the store, so that its driver is loaded and it is connected. */
async function warmUp({ store, emit }: BackendContext): Promise<void> {
  try {
    await store.ready();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof MissingPackageError) throw error.cause;
    emit({ type: 'unavailable', part: 'store', reason: describeError(error) });
  }
}

/** What a thrown thing means to the person. Only our own problems say more than "not available"; the owner gets an event. */
async function toProblem(
  error: unknown,
  pendingContext: Promise<BackendContext>,
  options: HandlerOptions,
): Promise<ProblemError> {
  if (error instanceof ProblemError) return error;
  const backend = await pendingContext.catch(() => null);
  if (!backend) {
    // The key ring's message names the bad key and never contains it.
    options.onEvent?.({ type: 'misconfigured', hint: error instanceof Error ? error.message : '' });
    return new ProblemError('misconfigured');
  }
  const part = error instanceof StoreError ? 'store' : 'backend';
  backend.emit({ type: 'unavailable', part, reason: describeError(error) });
  return new ProblemError('unavailable');
}
