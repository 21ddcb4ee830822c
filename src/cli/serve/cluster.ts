/** Several processes behind one port, by Node's cluster: this one starts, replaces and stops them, and serves nobody itself. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { BackendEvent } from '../../server/index.js';
import type { Log } from './log.js';

/** What a process tells the one that started it. */
export interface Told {
  event: BackendEvent;
}

/** Processes that listen. */
export interface Processes {
  url: string;
  /** How many answer now. */
  running(): number;
  /** Tells them all to finish what is at hand; resolves when they have ended. */
  stop(): Promise<void>;
}

/** Before a process that ended is replaced, in milliseconds: one that cannot live must not be started a thousand times a second. */
const PAUSE = 1_000;

/** What a process is told when it is to end. */
export const STOP = 'stop';

/**
 * Starts that many, and one anew for each that ends by itself. The first must listen before the others are started: what
 * keeps it from listening it has said itself, and this rejects.
 */
export async function startProcesses(
  count: number,
  log: Log,
  onEvent: ((event: BackendEvent) => void) | undefined,
): Promise<Processes> {
  const listening = new Set<Worker>();
  const timers = new Set<NodeJS.Timeout>();
  let stopping = false;
  let url = '';

  function fork(): Worker {
    const worker = cluster.fork();
    worker.on('listening', ({ address, port }) => {
      listening.add(worker);
      url ||= `http://${address?.includes(':') ? `[${address}]` : address}:${port}`;
    });
    if (onEvent) worker.on('message', ({ event }: Told) => onEvent(event));
    return worker;
  }

  function replace(worker: Worker, code: number, signal: string | null): void {
    listening.delete(worker);
    if (stopping) return;
    log.warn(`Process ${worker.process.pid} ended (${signal ?? code}); another one takes its place.`);
    const timer = setTimeout(() => {
      timers.delete(timer);
      fork();
    }, PAUSE);
    timers.add(timer);
  }

  const first = fork();
  await new Promise<void>((resolve, reject) => {
    first.once('listening', () => resolve());
    first.once('exit', () => reject(new NotStarted('The first process could not start; it has said why.')));
  });
  cluster.on('exit', replace);
  for (let more = 1; more < count; more += 1) fork();

  return {
    get url() {
      return url;
    },
    running: () => listening.size,
    async stop() {
      stopping = true;
      timers.forEach((timer) => clearTimeout(timer));
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
      await Promise.all(
        workers.map(async (worker) => {
          if (worker.isDead()) return;
          const ended = once(worker, 'exit');
          // One that does not listen yet has nothing at hand, and would not hear the word.
          if (listening.has(worker) && worker.isConnected()) worker.send(STOP);
          else worker.process.kill('SIGKILL');
          await ended;
        }),
      );
      cluster.off('exit', replace);
    },
  };
}

/** The reason has been printed already. */
export class NotStarted extends Error {
  override readonly name = 'NotStarted';
}

/** In a process that was started so: hands its events to the one that counts them. */
export function tellStarter(event: BackendEvent): void {
  // It may be gone at any moment; then this process ends, too.
  if (process.connected) process.send?.({ event } satisfies Told, undefined, undefined, () => undefined);
}
