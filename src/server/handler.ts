/** The backend as `(Request) => Promise<Response>`: the list of routes, and what is the same for all of them. */
import type { z } from 'zod';
import {
  CheckRequest,
  ContactRequest,
  IdempotencyKey,
  ResendRequest,
  TwoFactorRequest,
  type CheckResult,
} from '../protocol/schemas.js';
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

/** What `createHandler` makes. `connection` is what the server knows of the peer. */
export interface Handler {
  (request: Request, connection?: PeerConnection): Promise<Response>;
  /**
   * Checks the keys and calls the store once, so that the first user waits for no driver and no connection. Rejects with one
   * sentence for bad keys and for a driver that is not installed. Resolves if the store is out of reach, because it may come
   * back: an event reports it, and `health` answers 503.
   */
  ready(): Promise<void>;
  /** Closes the connections to Twilio. */
  close(): Promise<void>;
}

/** The handler with a cheaper way out, for node.ts alone: `respond` answers without making a `Response`. */
export interface PlainHandler extends Handler {
  respond(request: Request, connection?: PeerConnection): Promise<PlainResponse>;
}

/** Seconds for which keys and documents may be cached. A new key must be published this long before it signs. */
const PUBLIC_CACHE = 'public, max-age=300';

const BODY_ALREADY_READ =
  'The body of the request was read before verify-contact got it: mount it before express.json() and other parsers, or leave what they parsed in `body` of Node’s request.';

/** The headers of every response. A route may override them. */
const securityHeaders: PlainResponse['headers'] = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // If a browser is made to open the JSON as a page, it loads nothing, runs nothing and cannot be framed.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

interface Route {
  /** The methods that it answers, OPTIONS included. */
  methods: string;
  respond(request: Request, connection: PeerConnection): Promise<PlainResponse>;
}

/**
 * Makes the backend of both elements. It finds a route by the last segment of the path, so you can mount it under any path.
 * Throws a `TypeError` of one sentence for options that are missing or wrong, and a `RangeError` for wrong limits.
 */
export function createHandler(options: HandlerOptions): Handler {
  const { backend: pendingContext, verifyClient } = createContext(options);
  // Every request awaits the context and reports its rejection; an unhandled one would end the process before the first.
  pendingContext.catch(() => undefined);
  let loaded: BackendContext | undefined;
  const load = async () => (loaded = (await Promise.all([pendingContext, loadPhoneMetadata()]))[0]);
  const origins = options.origins ?? [];

  const routes = new Map<string, Route>([
    ['contact', post(ContactRequest, 201, startContact)],
    ['two-factor', post(TwoFactorRequest, 201, startTwoFactor)],
    ['resend', post(ResendRequest, 200, resend)],
    ['check', post(CheckRequest, 200, check)],
    ['jwks.json', get(publicKeys)],
    ['openapi.json', get(openApiDocument)],
    ['health', get(health)],
  ]);

  /** A route that changes something: it checks the origin, the body and the requester, then does its own work. */
  function post<T>(
    schema: z.ZodType<T>,
    status: 200 | 201,
    run: (backend: BackendContext, requester: Requester, body: T, request: Request) => Promise<object>,
  ): Route {
    return {
      methods: 'POST, OPTIONS',
      async respond(request, connection) {
        const backend = loaded ?? (await load());
        const source = checkOrigin(request, origins);
        if (request.bodyUsed) {
          backend.emit({ type: 'misconfigured', hint: BODY_ALREADY_READ });
          throw new ProblemError('misconfigured');
        }
        const body = await parseJsonBody(request, schema);
        const requester = await identifyRequester(backend, request, connection, source);
        const result = await run(backend, requester, body, request);
        return jsonResponse(result, 'required' in result ? 200 : status);
      },
    };
  }

  /** A route that only reads, and needs to know nothing of who asks. */
  function get(read: (context: Promise<BackendContext>, request: Request) => Promise<PlainResponse>): Route {
    return { methods: 'GET, HEAD, OPTIONS', respond: (request) => read(pendingContext, request) };
  }

  /** Runs the route. Whatever it throws becomes a problem response and an event. */
  async function dispatch(request: Request, connection: PeerConnection): Promise<PlainResponse> {
    const name = lastSegment(request);
    const route = routes.get(name);
    if (!route) return problemResponse(new ProblemError('not-found'));
    try {
      if (request.method === 'OPTIONS') return handlePreflight(request, route.methods, origins);
      if (route.methods.split(', ').includes(request.method)) return await route.respond(request, connection);
    } catch (error) {
      const problem = await toProblem(error, pendingContext, options);
      const backend = await pendingContext.catch(() => null);
      backend?.emit({ type: 'refused', route: name, problem: problem.code });
      return problemResponse(problem);
    }
    const { headers, ...refused } = problemResponse(new ProblemError('invalid-request'), 405);
    return { ...refused, headers: { ...headers, allow: route.methods } };
  }

  async function respond(request: Request, connection: PeerConnection = {}): Promise<PlainResponse> {
    const { status, headers: own, body } = await dispatch(request, connection);
    // Not a spread of both: V8 makes a dictionary of an object that begins with a spread and grows, at 4 µs (Node 20).
    const headers = Object.assign({}, securityHeaders, own);
    addCorsHeaders(headers, request, origins);
    return { status, headers, body };
  }

  const handler = async (request: Request, connection?: PeerConnection): Promise<Response> =>
    toResponse(await respond(request, connection), request.method);
  const plainHandler: PlainHandler = Object.assign(handler, {
    respond,
    ready: async () => await warmUp(await pendingContext),
    close: () => verifyClient.close(),
  });
  return plainHandler;
}

async function check(
  backend: BackendContext,
  requester: Requester,
  body: CheckRequest,
  request: Request,
): Promise<CheckResult> {
  const key = IdempotencyKey.safeParse(request.headers.get('idempotency-key'));
  if (!key.success) throw new ProblemError('invalid-request');
  return await checkCode(backend, requester, body, key.data);
}

async function publicKeys(context: Promise<BackendContext>): Promise<PlainResponse> {
  const { keyRing } = await context;
  return publicDocument(JSON.stringify(keyRing.jwks), 'application/jwk-set+json');
}

function openApiDocument(): Promise<PlainResponse> {
  return Promise.resolve(publicDocument(openApiText(), 'application/json'));
}

/** Whether the store answers. With `?live` the status is 200 even if not: a new process would not reach the store either. */
async function health(context: Promise<BackendContext>, request: Request): Promise<PlainResponse> {
  const ready = await context
    .then(({ store }) => store.ready())
    .then(
      () => true,
      () => false,
    );
  const live = new URL(request.url).searchParams.has('live');
  return jsonResponse({ live: true, ready }, ready || live ? 200 : 503);
}

/** `/any/mount/contact` → `contact`. */
function lastSegment({ url }: Request): string {
  // The URL of a request is already valid: cutting it costs a tenth of parsing it again.
  const end = url.search(/[?#]|$/);
  return url.slice(url.lastIndexOf('/', end) + 1, end);
}

function publicDocument(body: string, type: string): PlainResponse {
  return { status: 200, headers: { 'content-type': type, 'cache-control': PUBLIC_CACHE }, body };
}

/** Calls the store, so that its driver is loaded and connected. */
async function warmUp({ store, emit }: BackendContext): Promise<void> {
  try {
    await store.ready();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof MissingPackageError) throw error.cause;
    emit({ type: 'unavailable', component: 'store', reason: describeError(error) });
  }
}

/** What a thrown error means to the user. Only our own problems say more than `unavailable`; the owner gets an event. */
async function toProblem(
  error: unknown,
  pendingContext: Promise<BackendContext>,
  options: HandlerOptions,
): Promise<ProblemError> {
  if (error instanceof ProblemError) return error;
  const backend = await pendingContext.catch(() => null);
  if (!backend) {
    // The message of importKeys names the bad key and never contains it.
    options.onEvent?.({ type: 'misconfigured', hint: error instanceof Error ? error.message : '' });
    return new ProblemError('misconfigured');
  }
  const component = error instanceof StoreError ? 'store' : 'backend';
  backend.emit({ type: 'unavailable', component, reason: describeError(error) });
  return new ProblemError('unavailable');
}
