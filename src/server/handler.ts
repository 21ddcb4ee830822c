/** The backend as `(Request) => Promise<Response>`: the routes, and what they have in common. */
import type { z } from 'zod';
import {
  CheckRequest,
  ContactRequest,
  DeliveryRequest,
  IdempotencyKey,
  ProofRequest,
  ResendRequest,
  TwoFactorRequest,
  type CheckResult,
} from '../protocol/schemas.js';
import { jsonResponse, toResponse, type PlainResponse } from './http/response.js';
import { identifyRequester, type Requester } from './verification/requester.js';
import { parseJsonBody } from './http/request-body.js';
import { loadPhoneMetadata } from './contacts/phone-metadata.js';
import { checkCode } from './verification/check/check-code.js';
import { checkProof } from './verification/check/check-proof.js';
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
import { readDelivery } from './verification/delivery/read-delivery.js';
import { resend, startContact, startTwoFactor } from './verification/send/send-routes.js';
import { StoreError } from './store/store.js';

/** What `createHandler` returns. `connection` is what the server knows of the peer. */
export interface Handler {
  (request: Request, connection?: PeerConnection): Promise<Response>;
  /**
   * Checks the keys and calls the store once, so that the first user does not wait for a driver or a connection. Rejects with
   * one sentence for bad keys and for a driver that is not installed. Resolves if the store does not answer, because it may
   * recover: an event reports it, and `health` answers 503.
   */
  ready(): Promise<void>;
  /** Closes the connections to Twilio. */
  close(): Promise<void>;
}

/** The handler as node.ts uses it: `respond` is cheaper, since it does not make a `Response`. */
export interface PlainHandler extends Handler {
  respond(request: Request, connection?: PeerConnection): Promise<PlainResponse>;
}

/** How long keys and documents may be cached. A new key must be published this long before it signs. */
const PUBLIC_CACHE = 'public, max-age=300';

const BODY_ALREADY_READ =
  'The body of the request was read before verify-contact received it: mount verify-contact before express.json() and other parsers, or leave what they parsed in `body` of Node’s request.';

/** The headers of every response. A route may override them. */
const securityHeaders: PlainResponse['headers'] = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // A browser that is made to open the JSON as a page then loads nothing, runs nothing and cannot be framed.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

interface Route {
  /** The HTTP methods that it answers, including OPTIONS. */
  methods: string;
  respond(request: Request, connection: PeerConnection): Promise<PlainResponse>;
}

/**
 * Makes the backend of both elements. It finds a route by the last segment of the path, so you can mount it under any path.
 * Throws a `TypeError` of one sentence for missing, wrong or unknown options.
 */
export function createHandler(options: HandlerOptions): Handler {
  const { backend: pendingContext, verifyClient, emit } = createContext(options);
  // Every request awaits the context and reports its rejection. Before the first one, an unhandled rejection would end the process.
  pendingContext.catch(() => undefined);
  let loaded: BackendContext | undefined;
  const load = async () => (loaded = (await Promise.all([pendingContext, loadPhoneMetadata()]))[0]);
  const origins = options.origins ?? [];

  const routes = new Map<string, Route>([
    ['contact', post(ContactRequest, 201, startContact)],
    ['two-factor', post(TwoFactorRequest, 201, startTwoFactor)],
    ['resend', post(ResendRequest, 200, resend)],
    ['delivery', post(DeliveryRequest, 200, readDelivery)],
    ['check', post(CheckRequest, 200, check)],
    ['proof', post(ProofRequest, 200, checkProof)],
    ['jwks.json', get(publicKeys)],
    ['openapi.json', get(openApiDocument)],
    ['health', get(health)],
  ]);

  /** A route that changes something. It checks the origin, the body and the requester, and then runs. */
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

  /** A route that only reads. It does not identify the requester. */
  function get(read: (context: Promise<BackendContext>, request: Request) => Promise<PlainResponse>): Route {
    return { methods: 'GET, HEAD, OPTIONS', respond: (request) => read(pendingContext, request) };
  }

  /** Runs the route. An error becomes a problem response and an event. */
  async function dispatch(request: Request, connection: PeerConnection): Promise<PlainResponse> {
    const name = lastSegment(request);
    const route = routes.get(name);
    if (!route) return problemResponse(new ProblemError('not-found'));
    try {
      if (request.method === 'OPTIONS') return handlePreflight(request, route.methods, origins);
      if (route.methods.split(', ').includes(request.method)) return await route.respond(request, connection);
    } catch (error) {
      const problem = await toProblem(error, pendingContext, emit);
      emit({ type: 'refused', route: name, problem: problem.code });
      return problemResponse(problem);
    }
    const { headers, ...refused } = problemResponse(new ProblemError('invalid-request'), 405);
    return { ...refused, headers: { ...headers, allow: route.methods } };
  }

  async function respond(request: Request, connection: PeerConnection = {}): Promise<PlainResponse> {
    const { status, headers: own, body } = await dispatch(request, connection);
    // Not a spread of both: V8 turns an object that begins with a spread and grows into a dictionary, for 4 µs (Node 20).
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

/** Says whether the store answers, and whether test contacts are on. With `?live` the status is always 200: a restarted process would not reach the store either. */
async function health(context: Promise<BackendContext>, request: Request): Promise<PlainResponse> {
  const backend = await context.catch(() => undefined);
  const ready = await context
    .then(({ store }) => store.ready())
    .then(
      () => true,
      () => false,
    );
  const live = new URL(request.url).searchParams.has('live');
  const testContacts = backend?.testContacts.isOn() ? { testContacts: true } : {};
  return jsonResponse({ live: true, ready, ...testContacts }, ready || live ? 200 : 503);
}

/** `/any/mount/contact` → `contact`. */
function lastSegment({ url }: Request): string {
  // The URL of a request is already valid. Cutting it costs a tenth of parsing it again.
  const end = url.search(/[?#]|$/);
  return url.slice(url.lastIndexOf('/', end) + 1, end);
}

function publicDocument(body: string, type: string): PlainResponse {
  return { status: 200, headers: { 'content-type': type, 'cache-control': PUBLIC_CACHE }, body };
}

/** Calls the store, which loads and connects its driver. */
async function warmUp({ store, emit }: BackendContext): Promise<void> {
  try {
    await store.ready();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof MissingPackageError) throw error.cause;
    emit({ type: 'unavailable', component: 'store', reason: describeError(error) });
  }
}

/** Turns a thrown error into a problem. Only our own errors say more than `unavailable`. The owner gets an event. */
async function toProblem(
  error: unknown,
  pendingContext: Promise<BackendContext>,
  emit: BackendContext['emit'],
): Promise<ProblemError> {
  if (error instanceof ProblemError) return error;
  const backend = await pendingContext.catch(() => undefined);
  if (!backend) {
    // The message of importKeys names the bad key and never contains it.
    emit({ type: 'misconfigured', hint: (error as Error).message });
    return new ProblemError('misconfigured');
  }
  const component = error instanceof StoreError ? 'store' : 'backend';
  emit({ type: 'unavailable', component, reason: describeError(error) });
  return new ProblemError('unavailable');
}
