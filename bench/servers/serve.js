/** One server under measurement, in a process of its own: it is told what to be by its argument, and says on demand what it has cost. */
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
