/** A real Redis as a child process, on 127.0.0.1. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { freePort } from './free-port.js';
import { startProcess } from './start-process.js';

/** The program, or undefined where there is none. */
export const redisProgram = ['redis-server', 'valkey-server'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/**
 * Starts one that writes no file, unless its own options say otherwise. With the port and the folder of an earlier one it
 * continues with that one's data.
 * @param {readonly string[]} [options] such as `--requirepass`
 * @param {number} [port]
 */
export async function startRedisServer(options = [], port) {
  if (!redisProgram) throw new Error('There is no redis-server on this machine.');
  port ??= await freePort();
  const fixed = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const { stop, waitForOutput } = startProcess([redisProgram, ...fixed, ...options], { cwd: tmpdir() });
  await waitForOutput(/Ready to accept connections/);
  return { url: `redis://127.0.0.1:${port}`, port, stop };
}
