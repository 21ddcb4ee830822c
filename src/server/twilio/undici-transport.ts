/** The production wire: a pool of kept-alive connections on undici. */
import type { Agent, Dispatcher } from 'undici';
import { errorCode, TransportError, type HttpResult, type HttpCall, type Transport } from './transport.js';

const CONNECTIONS = 256;
const CONNECT_TIMEOUT = 2_000;
/** Verify's bodies are of two kB; a list of attempts of some more. */
const MAX_ANSWER = 1_048_576;

/**
 * undici's own `dispatch` on a pool of 256 connections. The SDK's default client has 20 sockets a host, which caps a process at
 * 20 ÷ latency; `fetch` costs five to seven times the processor, and `request` a stream, a signal and a parsed URL for each call.
 */
export function createUndiciTransport(): Transport {
  // Loaded when the first code is sent, like the SDK: a process that only serves keys need not have either.
  let pool: Promise<Agent> | undefined;
  let opened: Agent | undefined;
  const open = async () => (opened = await (pool ??= openPool()));
  return {
    send: (call) => (opened ? dispatchCall(opened, call) : open().then((agent) => dispatchCall(agent, call))),
    close: async () => await (await pool)?.destroy(),
  };
}

async function openPool(): Promise<Agent> {
  const { Agent: Pool } = await import('undici');
  return new Pool({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT },
    keepAliveTimeout: 30_000,
    maxResponseSize: MAX_ANSWER,
  });
}

/** One call and its answer. */
function dispatchCall(agent: Agent, { method, url, headers, body, timeout }: HttpCall): Promise<HttpResult> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let over = false;
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(new TransportError(errorCode(error)));
    };
    const timer = setTimeout(() => {
      over = true;
      reject(new TransportError(controller ? 'TIMEOUT' : 'QUEUE_TIMEOUT'));
      controller?.abort(new Error('late'));
    }, timeout);
    let answer: HttpResult;
    const chunks: Buffer[] = [];
    // The SDK has parsed the address before.
    const path = url.indexOf('/', url.indexOf('//') + 2);
    agent.dispatch(
      { origin: url.slice(0, path), path: url.slice(path), method, headers, body: body ?? null },
      {
        onRequestStart(own) {
          controller = own;
          // It has waited for a connection so long that nobody waits for it any more: nothing has been sent yet, and nothing is.
          if (over) own.abort(new Error('late'));
        },
        onResponseStart(_, status, received) {
          const one = (name: string) => {
            const value = received[name];
            return typeof value === 'string' ? value : null;
          };
          answer = { status, retryAfter: one('retry-after'), rateLimit: one('twilio-reached-rate-limit'), body: '' };
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          clearTimeout(timer);
          answer.body = Buffer.concat(chunks).toString();
          resolve(answer);
        },
        onResponseError: (_, error) => fail(error),
      },
    );
  });
}
