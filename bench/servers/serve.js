/** Runs one measured server in its own process. The argument names the server. On request it reports its processor time and memory. */
import { createServer } from 'node:http';
import { answerWith } from '../harness/processes.js';

const [kind = ''] = process.argv.slice(2);
const config = JSON.parse(process.env.BENCH ?? '{}');
const { listenerOf } = await import(`./${kind}.js`);
const listener = await listenerOf(config);
const server = createServer(listener);
server.keepAliveTimeout = 60_000;
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
answerWith(() => {
  const { user, system } = process.cpuUsage();
  /** @type {any} */ (globalThis).gc?.();
  return { cpu: user + system, rss: process.memoryUsage().rss, heap: process.memoryUsage().heapUsed };
});
process.send?.({ port: /** @type {any} */ (server.address()).port });
