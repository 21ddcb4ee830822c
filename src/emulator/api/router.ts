/** Handles a call from end to end: records it, applies faults, authenticates it and calls its route. */
import { Hono } from 'hono';
import { appendBounded } from '../model/account.js';
import { ownError } from '../model/own-error.js';
import { readForm, type Form } from './form-body.js';
import { errorBody, notFound, ApiError, httpStatusOf } from './errors.js';
import { isSid } from '../model/identifiers.js';
import { invalidQuery, ReadQuery } from './query.js';
import { respond } from './response.js';
import { routes } from './routes.js';
import { applyFault, isConnectionReset } from './apply-fault.js';
import type { RouteRequest } from './route.js';
import type { Account, Call } from '../model/account.js';

/** Serves Twilio's API for one account. Rejects as `fetch` does if a fault breaks the connection. */
export function createRouter(account: Account): (request: Request) => Promise<Response> {
  const handle = createApp(account);
  return async (request) => {
    const { method, signal } = request;
    const { pathname: path } = new URL(request.url);
    const form = await readForm(account, request);
    const to = destinationOf(account, path, form instanceof ApiError ? new URLSearchParams() : form);
    const call: Call = { method, path, ...(to === undefined ? {} : { to }), status: 0, at: account.clock.now() };
    appendBounded(account.calls, call, account.retention.calls);
    const fault = account.faults.take(call);
    const act = (): Promise<Response> => handle(request, form);
    const answer = () => (fault ? applyFault(account, fault, signal, act) : act());
    const response = await rejectConcurrentSends(account, call, answer).catch((error: unknown) => {
      // The silence of a fault is for faults, and for clients that are gone.
      if (signal.aborted || isConnectionReset(error)) throw error;
      return errorResponse(account, known(account, call, error));
    });
    call.status = response.status;
    return response;
  };
}

function createApp(account: Account): (request: Request, form: Form) => Promise<Response> {
  const app = new Hono<{ Bindings: { form: Form } }>();
  for (const [pattern, verbs] of Object.entries(routes)) {
    for (const [verb, handle] of Object.entries(verbs)) {
      app.on(verb, pattern, async (context) => {
        const { pathname: path, origin, searchParams } = new URL(context.req.url);
        const query = new ReadQuery(searchParams);
        const { form } = context.env;
        const request: RouteRequest = {
          account,
          path,
          origin,
          params: context.req.param(),
          query,
          // Only a route that reads its form refuses one that cannot be read.
          get form() {
            if (form instanceof ApiError) throw form;
            return form;
          },
        };
        for (const name of verb === 'GET' ? query.repeated() : query.keys()) throw invalidQuery(account, name);
        const result = await handle(request);
        for (const name of query.unread()) throw invalidQuery(account, name);
        return respond(result);
      });
    }
    app.all(pattern, () => {
      throw new ApiError(20004);
    });
  }
  app.notFound((context) => errorResponse(account, notFound(new URL(context.req.url).pathname)));
  app.onError((error, { req }) => errorResponse(account, known(account, req, error)));
  return async (request, form) => {
    const error = authenticate(account, request.headers.get('authorization'));
    return error ? errorResponse(account, error) : app.fetch(request, { form });
  };
}

/** Checks Basic authentication by auth token or API key. Returns the error, if any. */
function authenticate({ credentials, apiKeys }: Account, authorization: string | null): ApiError | undefined {
  let [username = '', password = ''] = ['', ''];
  try {
    const [, encoded = ''] = /^Basic\s+(.+)$/i.exec(authorization ?? '') ?? [];
    [, username = '', password = ''] = /^([^:]*):(.*)$/s.exec(atob(encoded)) ?? [];
  } catch {
    // Not Base64: no credentials.
  }
  const isToken = username === credentials.accountSid && password === credentials.authToken;
  if (isToken || apiKeys.some((key) => key.sid === username && key.secret === password)) return undefined;
  const isValidName = username === '' || isSid('AC', username) || isSid('SK', username);
  const message = isValidName ? 'Authenticate' : 'Authentication Error - invalid username';
  return new ApiError(20003, message, { 'WWW-Authenticate': 'Basic realm="Twilio API"' });
}

/** Any other error is a mistake of the emulator's own. The log says so; the response does not repeat what a person typed. */
function known({ log }: Account, { method, path }: { method: string; path: string }, error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  log(ownError(method, path, error));
  return new ApiError(20500, 'The emulator made a mistake. Its log says more');
}

function errorResponse({ assume }: Account, error: ApiError): Response {
  const status = httpStatusOf(error.code, assume.statuses);
  return respond({
    status,
    body: errorBody(error.code, error.message, status, error.moreInfo),
    headers: error.headers,
  });
}

/** Refuses a second send to a contact while the first is in flight, if the account assumes that of Twilio. */
async function rejectConcurrentSends(account: Account, call: Call, act: () => Promise<Response>): Promise<Response> {
  const isSend = call.method === 'POST' && call.path.endsWith('/Verifications') && call.to !== undefined;
  if (!isSend || account.assume.concurrentSends === 'allow') return act();
  const key = `${call.path} ${call.to}`;
  if (account.sending.has(key)) return errorResponse(account, new ApiError(60212));
  account.sending.set(key, call);
  try {
    return await act();
  } finally {
    // After a reset, another send may be in flight.
    if (account.sending.get(key) === call) account.sending.delete(key);
  }
}

/** The destination of a call: its `To`, or that of the verification that it names. */
function destinationOf({ verifications }: Account, path: string, form: URLSearchParams): string | undefined {
  const verification = form.get('VerificationSid') ?? /VE[0-9a-f]{32}$/.exec(path)?.[0] ?? '';
  return form.get('To') ?? verifications.destination(verification);
}
