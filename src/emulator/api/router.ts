/** One call from end to end: the log of calls, what goes wrong with it, sign-in, and the way to its route. */
import { Hono } from 'hono';
import { appendBounded } from '../model/account.js';
import { errorBody, notFound, ApiError, httpStatusOf } from './errors.js';
import { isSid } from '../model/identifiers.js';
import { respond } from './response.js';
import { routes } from './routes.js';
import { applyFault } from './apply-fault.js';
import type { Account, Call } from '../model/account.js';

/** Answers Twilio's API for one account. Rejects like `fetch` if a fault breaks the connection. */
export function createRouter(account: Account): (request: Request) => Promise<Response> {
  const answer = router(account);
  return async (request) => {
    const { method, signal } = request;
    const { pathname: path } = new URL(request.url);
    const form = new URLSearchParams(method === 'POST' ? await request.text() : '');
    const to = destinationOf(account, path, form);
    const call: Call = { method, path, ...(to === undefined ? {} : { to }), status: 0, at: account.clock.now() };
    appendBounded(account.calls, call, account.retention.calls);
    const fault = account.faults.take(call);
    const act = (): Promise<Response> => answer(request, form);
    const response = await rejectConcurrentSends(account, call, () =>
      fault ? applyFault(account, fault, signal, act) : act(),
    );
    call.status = response.status;
    return response;
  };
}

function router(account: Account): (request: Request, form: URLSearchParams) => Promise<Response> {
  const app = new Hono<{ Bindings: { form: URLSearchParams } }>();
  for (const [pattern, verbs] of Object.entries(routes)) {
    for (const [verb, handle] of Object.entries(verbs)) {
      app.on(verb, pattern, (context) => {
        const { pathname: path, origin, searchParams: query } = new URL(context.req.url);
        return respond(handle({ account, path, origin, params: context.req.param(), query, form: context.env.form }));
      });
    }
    app.all(pattern, () => {
      throw new ApiError(20004);
    });
  }
  app.notFound((context) => refuse(account, notFound(new URL(context.req.url).pathname)));
  app.onError((error) => refuse(account, error));
  return async (request, form) => {
    const refusal = signIn(account, request.headers.get('authorization'));
    return refusal ? refuse(account, refusal) : app.fetch(request, { form });
  };
}

/** Basic authentication, by auth token or API key. */
function signIn({ credentials, apiKeys }: Account, authorization: string | null): ApiError | undefined {
  let [username = '', password = ''] = ['', ''];
  try {
    const [, encoded = ''] = /^Basic\s+(.+)$/i.exec(authorization ?? '') ?? [];
    [, username = '', password = ''] = /^([^:]*):(.*)$/s.exec(atob(encoded)) ?? [];
  } catch {
    // Not Base64: nobody.
  }
  const isToken = username === credentials.accountSid && password === credentials.authToken;
  if (isToken || apiKeys.some((key) => key.sid === username && key.secret === password)) return undefined;
  const isName = username === '' || isSid('AC', username) || isSid('SK', username);
  const message = isName ? 'Authenticate' : 'Authentication Error - invalid username';
  return new ApiError(20003, message, { 'WWW-Authenticate': 'Basic realm="Twilio API"' });
}

function refuse({ assume }: Account, error: Error): Response {
  // Anything else thrown is a fault of the emulator itself; its message may hold what a person typed.
  const refusal = error instanceof ApiError ? error : new ApiError(20500);
  const status = httpStatusOf(refusal.code, assume.statuses);
  return respond({ status, body: errorBody(refusal.code, refusal.message, status), headers: refusal.headers });
}

/** Twilio refuses a second send to a contact while the first is under way, if that is assumed. */
async function rejectConcurrentSends(account: Account, call: Call, act: () => Promise<Response>): Promise<Response> {
  const isSend = call.method === 'POST' && call.path.endsWith('/Verifications') && call.to !== undefined;
  if (!isSend || account.assume.concurrentSends === 'allow') return act();
  const key = `${call.path} ${call.to}`;
  if (account.sending.has(key)) return refuse(account, new ApiError(60212));
  account.sending.add(key);
  try {
    return await act();
  } finally {
    account.sending.delete(key);
  }
}

/** A call that names only a verification's sid is still a call about somebody. */
function destinationOf({ verifications }: Account, path: string, form: URLSearchParams): string | undefined {
  const verification = form.get('VerificationSid') ?? /VE[0-9a-f]{32}$/.exec(path)?.[0] ?? '';
  return form.get('To') ?? verifications.destination(verification);
}
