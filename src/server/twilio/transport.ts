/** How bytes get to Twilio and back: what a call and an answer are, and a wire through a function. It knows no route and no error code of Twilio's. */
import { withTimeout } from '../runtime/deadline.js';

/** One request, ready to go. `timeout` in milliseconds bounds all of it, from the queue to the last byte. */
export interface HttpCall {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeout: number;
}

/** What came back, whatever its status. */
export interface HttpResult {
  status: number;
  /** The header `Retry-After` as it came. */
  retryAfter: string | null;
  /** The header `Twilio-Reached-Rate-Limit` as it came: the name of a programmable rate limit. */
  rateLimit: string | null;
  body: string;
}

/** Carries calls. `send` rejects with {@link TransportError} only. */
export interface Transport {
  send(call: HttpCall): Promise<HttpResult>;
  close(): Promise<void>;
}

/** No answer came. Its message names the cause by a code and holds nothing of the request. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** Whether the request certainly never left: then nothing was sent and nothing was counted at the other end. */
  readonly notSent: boolean;
  readonly reason: string;

  constructor(code: string) {
    super(`No answer (${code}).`);
    this.reason = code;
    this.notSent = preConnectCodes.has(code);
  }
}

/** These happen only before a connection is there, so that no request can have gone out on it. An unreachable host may also be one that was reached. */
const preConnectCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'QUEUE_TIMEOUT']);

/** A wire through a function of the shape of `fetch`: for tests, and for runtimes whose own `fetch` must be used. */
export function fetchTransport(transport: (request: Request) => Promise<Response>): Transport {
  return {
    async send({ method, url, headers, body, timeout }) {
      const signal = AbortSignal.timeout(timeout);
      const whole = async (): Promise<HttpResult> => {
        const response = await transport(new Request(url, { method, headers, body, signal }));
        return {
          status: response.status,
          retryAfter: response.headers.get('retry-after'),
          rateLimit: response.headers.get('twilio-reached-rate-limit'),
          body: await response.text(),
        };
      };
      try {
        // The function may not heed the signal; the person who waits does.
        return await withTimeout(whole(), timeout, () => new TransportError('TIMEOUT'));
      } catch (error) {
        throw error instanceof TransportError ? error : new TransportError(errorCode(error));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** A system's or undici's code, the cause's before the error's own; never the message, which may quote the request. */
export function errorCode(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'TIMEOUT';
  for (const candidate of [cause?.code, code]) {
    if (typeof candidate === 'string' && /^[A-Z0-9_]{2,40}$/.test(candidate)) return candidate;
  }
  return 'UNKNOWN';
}
