/** The transport in production: a pool of kept-alive connections of undici. */
import type { Agent, Dispatcher } from 'undici';
import { runtimeFetchTransport } from './fetch-transport.js';
import {
  errorCode,
  MAX_RESPONSE_BYTES,
  TransportError,
  type HttpResult,
  type HttpCall,
  type Transport,
} from './transport.js';

const CONNECTIONS = 256;
const CONNECT_TIMEOUT_MS = 2_000;

/**
 * Calls undici's `dispatch` on a pool of 256 connections. Each purpose has its own. The SDK's default client has 20 sockets for each host, which limits
 * a process to 20 ÷ latency calls. `fetch` costs five to seven times the processor time, and `request` costs a stream, a signal
 * and a parsed URL for each call.
 * Bun has a stub in the place of undici, without `dispatch`. Its own `fetch` is used there.
 */
export function createUndiciTransport(load: () => Promise<UndiciPackage> = () => import('undici')): Transport {
  // Loaded for the first code, like the SDK. A process that only serves keys needs neither.
  let opening: Promise<Transport> | undefined;
  let opened: Transport | undefined;
  const open = async () => (opened = await (opening ??= load().then(openTransport)));
  return {
    send: (call) => (opened ? opened.send(call) : open().then((transport) => transport.send(call))),
    close: async () => await (await opening)?.close(),
  };
}

/** The part of undici that is used, with what Bun's stub lacks. */
interface UndiciPackage {
  Agent: new (options: Agent.Options) => Partial<Agent>;
}

function openTransport({ Agent: Pool }: UndiciPackage): Transport {
  const pool = new Pool({
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: 30_000,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  if (!canDispatch(pool)) return runtimeFetchTransport();
  return { send: (call) => dispatchCall(pool, call), close: () => pool.destroy() };
}

const canDispatch = (pool: Partial<Agent>): pool is Agent => typeof pool.dispatch === 'function';

/** Sends one call and resolves to its response. */
function dispatchCall(agent: Agent, { method, url, headers, body, timeout }: HttpCall): Promise<HttpResult> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let timedOut = false;
    const fail = (error: unknown): void => {
      clearTimeout(timer);
      reject(new TransportError(errorCode(error)));
    };
    const timer = setTimeout(() => {
      timedOut = true;
      reject(new TransportError(controller ? 'TIMEOUT' : 'QUEUE_TIMEOUT'));
      controller?.abort(new Error('timeout'));
    }, timeout);
    let result: HttpResult;
    const chunks: Buffer[] = [];
    // The SDK has already validated the URL.
    const path = url.indexOf('/', url.indexOf('//') + 2);
    agent.dispatch(
      { origin: url.slice(0, path), path: url.slice(path), method, headers, body: body ?? null },
      {
        onRequestStart(own) {
          controller = own;
          // The call timed out while it waited for a connection. Nothing has been sent yet, so send nothing.
          if (timedOut) own.abort(new Error('timeout'));
        },
        onResponseStart(_, status, received) {
          const header = (name: string) => {
            const value = received[name];
            return typeof value === 'string' ? value : null;
          };
          result = {
            status,
            retryAfter: header('retry-after'),
            rateLimit: header('twilio-reached-rate-limit'),
            body: '',
          };
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          clearTimeout(timer);
          result.body = Buffer.concat(chunks).toString();
          resolve(result);
        },
        onResponseError: (_, error) => fail(error),
      },
    );
  });
}
