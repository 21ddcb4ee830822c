/** The processes of a measurement: each on a core of its own where the machine can pin it, and controlled by messages. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startProcess } from '../../scripts/processes/start-process.js';

const canPin = spawnSync('taskset', ['-V']).status === 0;

/**
 * A child that answers messages. `ask` sends one and resolves to the answer; rejects with the child's own error.
 * @typedef {{ ask(message: object): Promise<any>, stop(): Promise<void> }} Child
 */

/**
 * Starts a file of `bench/` as a child and waits until it sends that it is ready.
 * @param {string} file
 * @param {{ core?: number, env?: Record<string, string>, flags?: string[], args?: string[] }} [options]
 * @returns {Promise<Child & { ready: any }>}
 */
export async function start(file, { core, env = {}, flags = [], args = [] } = {}) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const pinned = canPin && core !== undefined ? ['taskset', '-c', String(core)] : [];
  const { child, stop, waitForMessage } = startProcess([...pinned, process.execPath, ...flags, path, ...args], {
    ipc: true,
    showErrors: true,
    env: { ...process.env, NODE_ENV: 'production', ...env },
  });
  const answer = async () => {
    const message = await waitForMessage();
    if (message.error) throw new Error(message.error);
    return message;
  };
  return {
    ready: await answer(),
    async ask(message) {
      const answered = answer();
      child.send(message);
      return answered;
    },
    stop: () => stop('SIGKILL'),
  };
}

/** In a child: answers every message by `act`. @param {(message: any) => Promise<object> | object} act */
export function answerWith(act) {
  process.on('message', (message) => {
    Promise.resolve()
      .then(() => act(message))
      .then(
        (result) => process.send?.(result),
        (error) => process.send?.({ error: String(error?.stack ?? error) }),
      );
  });
  process.once('disconnect', () => process.exit());
}
