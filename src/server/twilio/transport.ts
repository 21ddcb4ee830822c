/** The transport of calls to Twilio: its types, its error, and a transport over `fetch`. It knows no route and no error code of Twilio's. */
import { withTimeout } from '../runtime/deadline.js';

/** One request. `timeout` (milliseconds) limits the whole call, from the queue to the last byte of the response. */
export interface HttpCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeout: number;
}

/** The response, whatever its status. */
export interface HttpResult {
  status: number;
  /** The header `Retry-After`, unparsed. */
  retryAfter: string | null;
  /** The header `Twilio-Reached-Rate-Limit`, unparsed: the name of a programmable rate limit. */
  rateLimit: string | null;
  body: string;
}

/** Sends calls. `send` rejects only with {@link TransportError}. */
export interface Transport {
  send(call: HttpCall): Promise<HttpResult>;
  close(): Promise<void>;
}

/** There was no response. The message names the cause by a code and contains nothing of the request. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** Whether the request was certainly not sent. Twilio has then sent nothing and counted nothing. */
  readonly notSent: boolean;
  readonly reason: string;

  constructor(code: string) {
    super(`No answer (${code}).`);
    this.reason = code;
    this.notSent = preConnectCodes.has(code);
  }
}

/** Errors that happen only before a connection is open, so that no request was sent. EHOSTUNREACH may also happen later. */
const preConnectCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'QUEUE_TIMEOUT']);

/** A transport over a function like `fetch`: for tests, and for runtimes whose own `fetch` must be used. */
export function fetchTransport(fetch: (request: Request) => Promise<Response>): Transport {
  return {
    async send({ method, url, headers, body, timeout }) {
      const signal = AbortSignal.timeout(timeout);
      const exchange = async (): Promise<HttpResult> => {
        const response = await fetch(new Request(url, { method, headers, body, signal }));
        return {
          status: response.status,
          retryAfter: response.headers.get('retry-after'),
          rateLimit: response.headers.get('twilio-reached-rate-limit'),
          body: await response.text(),
        };
      };
      try {
        // The function may ignore the signal.
        return await withTimeout(exchange(), timeout, () => new TransportError('TIMEOUT'));
      } catch (error) {
        throw error instanceof TransportError ? error : new TransportError(errorCode(error));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** The error code of the system or of undici, of the cause if it has one. Never the message, which may quote the request. */
export function errorCode(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'TIMEOUT';
  for (const candidate of [cause?.code, code]) {
    if (typeof candidate === 'string' && /^[A-Z0-9_]{2,40}$/.test(candidate)) return candidate;
  }
  return 'UNKNOWN';
}
