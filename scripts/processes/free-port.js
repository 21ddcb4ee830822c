/** Finds a port that nothing listens on. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the ports that Linux (32768) and macOS (49152) give to outgoing connections: no connection takes one before the
// program that asked for it listens. Browsers and `fetch` refuse none of these.
const LOWEST = 15_000;
const END = 32_768;
const given = new Set();

/** A port of 127.0.0.1 that was free a moment ago, and that this process was not given before. @returns {Promise<number>} */
export async function freePort() {
  for (;;) {
    const port = randomInt(LOWEST, END);
    if (given.has(port)) continue;
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    given.add(port);
    server.close();
    await once(server, 'close');
    return port;
  }
}
