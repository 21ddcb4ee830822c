/** Applies a fault to a call: changes, delays or damages the response, or lets none arrive. */
import { errorBody, messageOf, httpStatusOf } from './errors.js';
import { kindOf } from '../model/faults.js';
import { html, respond, text } from './response.js';
import type { Account } from '../model/account.js';
import type { Fault } from '../model/faults.js';

/** Applies the fault. `act` carries out the call and returns the real response. */
export async function applyFault(
  account: Account,
  fault: Fault,
  signal: AbortSignal,
  act: () => Promise<Response>,
): Promise<Response> {
  const { wait = waitFor } = account.options;
  const kind = kindOf(fault);
  const usesRealAnswer = kind === 'delay' || kind === 'broken-json';
  const acts = fault.acts ?? (usesRealAnswer || kind === 'reset-after');
  // At once, whoever may be gone when the delay is over: a client that gives up does not know that Twilio acted.
  const realAnswer = acts ? await act() : undefined;
  if (fault.delayMs !== undefined) await wait(fault.delayMs, signal);
  const headers = {
    ...(fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) }),
    ...fault.headers,
  };
  const code = fault.code ?? 20503;
  const status = fault.status ?? (fault.code === undefined ? undefined : httpStatusOf(fault.code));
  const message = fault.message ?? messageOf(code);
  switch (kind) {
    case 'delay':
      return realAnswer ?? respond({ status: 503, body: errorBody(20503, messageOf(20503), 503), headers });
    case 'reset-before':
    case 'reset-after':
      throw connectionReset();
    case 'no-answer':
      return neverRespond(signal);
    case 'html-502':
      return html(status ?? 502, badGatewayPage, headers);
    case 'broken-json': {
      const whole = (await realAnswer?.text()) ?? '{"code":20500,"mess';
      const half = whole.slice(0, Math.ceil(whole.length / 2));
      return text(status ?? realAnswer?.status ?? 200, 'application/json', half, headers);
    }
    case 'problem-json': {
      const type = `https://www.twilio.com/docs/errors/${code}`;
      const body = { type, title: message, status: status ?? 503, code, detail: message };
      return text(status ?? 503, 'application/problem+json', JSON.stringify(body), headers);
    }
    case 'error':
      if (typeof fault.body === 'string') return html(status ?? 500, fault.body, headers);
      return respond({ status: status ?? 500, body: fault.body ?? errorBody(code, message, status ?? 500), headers });
  }
}

const badGatewayPage = '<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>';

/** The error of Node's own `fetch`. It does not say whether Twilio acted, because a client cannot know that. */
function connectionReset(): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
  return new TypeError('fetch failed', { cause });
}

/** Whether this is the error of a fault that breaks the connection. */
export function isConnectionReset(error: unknown): boolean {
  return error instanceof TypeError && (error.cause as { code?: unknown } | undefined)?.code === 'ECONNRESET';
}

function neverRespond(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
