/** A server that does nothing, to measure the start of Node itself. */
import { reply } from './account.js';

export async function listenerOf() {
  return (
    /** @type {import('node:http').IncomingMessage} */ _,
    /** @type {import('node:http').ServerResponse} */ outgoing,
  ) => reply(outgoing, 200, '{}');
}
