/** Child processes of a measurement: started on a core of their own where the machine can pin, asked by messages, ended by their handle. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Whatever runs ends with this process. */
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

const canPin = spawnSync('taskset', ['-V']).status === 0;

/**
 * A child that answers questions. `ask` sends a message and resolves with the answer; rejects with the child's own words.
 * @typedef {{ ask(message: object): Promise<any>, stop(): Promise<void>, pid: number }} Child
 */

/**
 * Starts a file of `bench/` as a child and waits until it says that it is ready.
 * @param {string} file
 * @param {{ core?: number, env?: Record<string, string>, flags?: string[], args?: string[] }} [options]
 * @returns {Promise<Child & { ready: any }>}
 */
export async function start(file, { core, env = {}, flags = [], args = [] } = {}) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const command = [process.execPath, ...flags, path, ...args];
  const pinned = canPin && core !== undefined ? ['taskset', '-c', String(core), ...command] : command;
  const child = spawn(pinned[0], pinned.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  running.add(child);
  const ready = await answer(child);
  return {
    ready,
    pid: child.pid ?? 0,
    async ask(message) {
      child.send(message);
      return answer(child);
    },
    async stop() {
      running.delete(child);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** @param {import('node:child_process').ChildProcess} child */
function answer(child) {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('A measured process ended by itself.'));
    child.once('exit', ended);
    child.once('message', (/** @type {any} */ message) => {
      child.off('exit', ended);
      if (message.error) reject(new Error(message.error));
      else resolve(message);
    });
  });
}

/** In a child: answers every question by `act`. @param {(message: any) => Promise<object> | object} act */
export function answerWith(act) {
  process.on('message', (message) => {
    Promise.resolve()
      .then(() => act(message))
      .then(
        (said) => process.send?.(said),
        (error) => process.send?.({ error: String(error?.stack ?? error) }),
      );
  });
  process.once('disconnect', () => process.exit());
}
