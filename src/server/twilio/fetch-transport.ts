/** A transport over a function like `fetch`: the host's own, or the runtime's where undici has no pool. */
import { withTimeout } from '../runtime/deadline.js';
import { errorCode, MAX_RESPONSE_BYTES, TransportError, type HttpResult, type Transport } from './transport.js';

/**
 * Sends each call with this function. It follows no redirect, and ends a call at its timeout or when the response is too long.
 * It cannot tell whether a call that timed out got a connection, so that such a call may have been sent.
 */
export function fetchTransport(fetch: (request: Request) => Promise<Response>): Transport {
  return {
    async send({ method, url, headers, body, timeout }) {
      const signal = AbortSignal.timeout(timeout);
      // Outside `try`: if it throws, the call is wrong, and the network is not.
      const request = new Request(url, { method, headers, body, signal, redirect: 'manual' });
      const exchange = async (): Promise<HttpResult> => {
        const response = await fetch(request);
        return {
          status: response.status,
          retryAfter: response.headers.get('retry-after'),
          rateLimit: response.headers.get('twilio-reached-rate-limit'),
          body: await readBody(response),
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

/**
 * A transport over the `fetch` of the runtime. Each call has a connection of its own: a runtime may send a request again
 * whose kept-alive connection was closed under it, and a code would be sent or checked twice.
 */
export function runtimeFetchTransport(): Transport {
  return fetchTransport((request) => fetch(request, { keepalive: false }));
}

/** The text of the body. Rejects as soon as it is too long, and then reads no more. */
async function readBody(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_RESPONSE_BYTES) throw new TransportError('RESPONSE_TOO_LONG');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
