/** The transport of calls to Twilio: its types, its error and its limit. It knows no route and no error code of Twilio's. */

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

/** Verify's responses have about two kB; a list of attempts has some more. */
export const MAX_RESPONSE_BYTES = 1_048_576;

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

/** The error code of the system, of undici or of the runtime's `fetch`; of the cause if it has one. Never the message, which may quote the request. */
export function errorCode(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'TIMEOUT';
  for (const candidate of [cause?.code, code]) {
    if (typeof candidate === 'string' && /^[A-Z0-9_]{2,40}$/.test(candidate)) return candidate;
  }
  return 'UNKNOWN';
}
