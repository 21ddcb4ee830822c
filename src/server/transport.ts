/** How bytes get to Twilio and back: a pool of kept-alive connections, or a function in their place. It knows no route and no error code of Twilio's. */
import { EventEmitter } from 'node:events';
import { inTime } from './in-time.js';

/** One request, ready to go. `timeout` in milliseconds bounds all of it, from the queue to the last byte. */
export interface Call {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeout: number;
}

/** What came back, whatever its status. */
export interface Answer {
  status: number;
  /** The header `Retry-After` as it came. */
  retryAfter: string | null;
  /** The header `Twilio-Reached-Rate-Limit` as it came: the name of a programmable rate limit. */
  rateLimit: string | null;
  body: string;
}

/** Carries calls. `send` rejects with {@link TransportError} only. */
export interface Wire {
  send(call: Call): Promise<Answer>;
  close(): Promise<void>;
}

/** No answer came. Its message names the cause by a code and holds nothing of the request. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** Whether the request certainly never left: then nothing was sent and nothing was counted at the other end. */
  readonly neverLeft: boolean;
  readonly reason: string;

  constructor(code: string) {
    super(`No answer (${code}).`);
    this.reason = code;
    this.neverLeft = beforeConnecting.has(code);
  }
}

/** These happen only while a connection is made, so that no request can have gone out on it. An unreachable host may also be one that was reached. */
const beforeConnecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const CONNECTIONS = 256;
const CONNECT_TIMEOUT = 2_000;
/** Verify's bodies are of two kB; a list of attempts of some more. */
const MAX_ANSWER = 1_048_576;

/**
 * The production wire: undici's own `request` on a pool of 256 connections. The SDK's default client has 20 sockets a
 * host, which caps a process at 20 ÷ latency; `fetch` costs five to seven times the processor (measured on Node 20).
 */
export function poolWire(): Wire {
  // Loaded when the first code is sent, like the SDK: a process that only serves keys need not have either.
  let pool: ReturnType<typeof openPool> | undefined;
  return {
    async send({ method, url, headers, body, timeout }) {
      const { agent, request } = await (pool ??= openPool());
      // undici takes an emitter for a signal; an AbortSignal costs 20 µs to make.
      const signal = new EventEmitter();
      const timer = setTimeout(() => signal.emit('abort'), timeout);
      try {
        const response = await request(url, { dispatcher: agent, method: method as 'POST', headers, body, signal });
        const one = (name: string) => {
          const value = response.headers[name];
          return typeof value === 'string' ? value : null;
        };
        return {
          status: response.statusCode,
          retryAfter: one('retry-after'),
          rateLimit: one('twilio-reached-rate-limit'),
          body: await response.body.text(),
        };
      } catch (error) {
        throw new TransportError(codeOf(error));
      } finally {
        clearTimeout(timer);
      }
    },
    close: async () => (await pool)?.agent.destroy(),
  };
}

async function openPool() {
  const { Agent, request } = await import('undici');
  const agent = new Agent({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT },
    keepAliveTimeout: 30_000,
    maxResponseSize: MAX_ANSWER,
  });
  return { agent, request };
}

/** A wire through a function of the shape of `fetch`: for tests, and for runtimes whose own `fetch` must be used. */
export function functionWire(transport: (request: Request) => Promise<Response>): Wire {
  return {
    async send({ method, url, headers, body, timeout }) {
      const signal = AbortSignal.timeout(timeout);
      const whole = async (): Promise<Answer> => {
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
        return await inTime(whole(), timeout, () => new TransportError('TIMEOUT'));
      } catch (error) {
        throw error instanceof TransportError ? error : new TransportError(codeOf(error));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** A system's or undici's code, the cause's before the error's own; never the message, which may quote the request. */
function codeOf(error: unknown): string {
  const { code, cause, name } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown }; name?: unknown };
  if (name === 'TimeoutError' || name === 'AbortError') return 'TIMEOUT';
  for (const candidate of [cause?.code, code]) {
    if (typeof candidate === 'string' && /^[A-Z0-9_]{2,40}$/.test(candidate)) return candidate;
  }
  return 'UNKNOWN';
}
