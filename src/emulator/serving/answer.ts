/** Answers a request that came over a socket, and breaks the connection where the emulator gives no response. */
import type { Http2Bindings, HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { isConnectionReset } from '../api/apply-fault.js';
import type { Emulator } from '../model/emulator.js';
import { logToConsole, ownError } from '../model/own-error.js';

/**
 * Destroys the socket of a call for a `reset` fault, or a client that disconnected. Any other rejection is a 500 that standard
 * error tells about.
 */
export function answerOf(
  emulator: Emulator,
): (request: Request, env: HttpBindings | Http2Bindings) => Promise<Response> {
  return (request, { incoming }) =>
    emulator.fetch(request).catch((error: unknown) => {
      if (!request.signal.aborted && !isConnectionReset(error)) {
        logToConsole(ownError(request.method, new URL(request.url).pathname, error));
        return new Response('The emulator made a mistake. Its log says more.', { status: 500 });
      }
      incoming.socket.destroy();
      return RESPONSE_ALREADY_SENT;
    });
}
