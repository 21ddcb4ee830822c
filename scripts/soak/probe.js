/** Loaded into the server before anything else (`node --expose-gc --import`): tells its parent, when asked, what the process holds. The server knows nothing of it. */
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

process.on('message', (message) => {
  if (message !== 'measure') return;
  const [p99, max] = [delay.percentile(99) / 1e6, delay.max / 1e6];
  // Twice: what the first round finalizes, the second one frees.
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  process.send?.({ rss, heap: heapUsed, sockets, files: files(), p99, max });
  // The collection itself is no delay of the server's.
  setImmediate(() => delay.reset());
});
// What only listens must not keep the process from ending.
process.channel?.unref();

/** Open file descriptors; where there is no /proc nobody knows. */
function files() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return NaN;
  }
}
