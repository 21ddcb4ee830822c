/** A server that does nothing: what a start of Node itself costs. */
import { reply } from './account.js';

export async function listenerOf() {
  return (
    /** @type {import('node:http').IncomingMessage} */ _,
    /** @type {import('node:http').ServerResponse} */ outgoing,
  ) => reply(outgoing, 200, '{}');
}
