/** Loaded into the server before its own code (`node --expose-gc --import`): reports memory, sockets and delays to the parent on request. The server does not know it. */
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

process.on('message', (message) => {
  if (message !== 'measure') return;
  const [p99, max] = [delay.percentile(99) / 1e6, delay.max / 1e6];
  // The second round frees what the first one finalized.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  process.send?.({ rss, heap: heapUsed, sockets, files: files(), p99, max });
  // The collection itself does not count as a delay of the server.
  setImmediate(() => delay.reset());
});
// The channel must not keep the process alive.
process.channel?.unref();

/** Open file descriptors; NaN on a system without /proc. */
function files() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return NaN;
  }
}
