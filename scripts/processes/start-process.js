/** Starts child processes for scripts, measurements and tests, waits until they are ready, and leaves none behind. Imports nothing of `src`. */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pollUntil } from './poll-until.js';

/** @import { ChildProcess } from 'node:child_process' */

/**
 * @typedef {object} ProcessOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; by default this process's own
 * @property {boolean} [ipc] whether `child.send()` and `waitForMessage()` work
 * @property {boolean} [showErrors] whether its stderr also appears on ours
 * @property {(line: string) => void} [onLine] called with each line of its stdout
 * @property {number} [uid] the user that it runs as
 * @property {number} [gid]
 * @property {NodeJS.Signals} [killSignal] ends it at once, SIGKILL by default
 */

/**
 * @typedef {object} RunningProcess
 * @property {ChildProcess} child
 * @property {() => string} output everything that it has written so far, stdout and stderr
 * @property {Promise<number | NodeJS.Signals | null>} exited its exit code or the signal that ended it, once all output is read
 * @property {(pattern: RegExp) => Promise<RegExpMatchArray>} waitForOutput
 * @property {(url: string) => Promise<boolean>} waitForUrl until it answers with a status of success
 * @property {(accepts?: (message: any) => unknown) => Promise<any>} waitForMessage the next message that `accepts` returns true for
 * @property {<T>(probe: () => T | Promise<T>) => Promise<Exclude<T, null | undefined | false | 0 | ''>>} waitUntil as `pollUntil`
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop by default SIGTERM; then SIGKILL, if it runs on for 30 seconds
 */

/** Long enough for a framework that compiles before it listens, in milliseconds. */
const START_TIMEOUT = 180_000;
const STOP_TIMEOUT = 30_000;

/** The processes that run, each with the signal that ends it. @type {Map<ChildProcess, NodeJS.Signals>} */
const running = new Map();

/**
 * Starts a command in a process group of its own. Each wait rejects with the end of its output if the process ends first.
 * All but `waitForMessage` also give up after three minutes.
 * @param {readonly string[]} command
 * @param {ProcessOptions} [options]
 * @returns {RunningProcess}
 */
export function startProcess(command, { ipc = false, showErrors, onLine, killSignal = 'SIGKILL', ...how } = {}) {
  stopTogether();
  const [file = '', ...args] = [...parentDeathSignal(killSignal), ...command];
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = ['ignore', 'pipe', 'pipe', ...(ipc ? /** @type {const} */ (['ipc']) : [])];
  const child = spawn(file, args, { ...how, stdio, detached: true });
  running.set(child, killSignal);
  const [stdout, stderr] = [child.stdout, child.stderr];
  if (!stdout || !stderr) throw new Error('A pipe is missing.');
  let text = '';
  for (const stream of [stdout, stderr]) stream.setEncoding('utf8').on('data', (piece) => (text += piece));
  if (showErrors) stderr.on('data', (piece) => process.stderr.write(piece));
  if (onLine) createInterface({ input: stdout }).on('line', onLine);
  child.once('error', (error) => (text += error.message));

  let hasExited = false;
  /** @type {RunningProcess['exited']} */
  const exited = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      hasExited = true;
      running.delete(child);
      resolve(code ?? signal);
    });
  });
  const failure = (/** @type {string} */ what) =>
    new Error(`${command.join(' ')} ${what}:\n${text.trim().split('\n').slice(-25).join('\n')}`);

  /** @type {RunningProcess['waitUntil']} */
  const waitUntil = async (probe) => {
    const deadline = performance.now() + START_TIMEOUT;
    return pollUntil(
      async () => {
        const ended = hasExited;
        const value = await probe();
        if (value) return value;
        if (ended) throw failure('ended before it was ready');
        if (performance.now() > deadline) throw failure('was not ready in time');
        return value;
      },
      { timeout: Infinity, interval: 20 },
    );
  };

  return {
    child,
    exited,
    output: () => text,
    waitUntil,
    waitForOutput: (pattern) => waitUntil(() => text.match(pattern)),
    waitForUrl: (url) =>
      waitUntil(() =>
        fetch(url).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    waitForMessage: (accepts = () => true) =>
      new Promise((resolve, reject) => {
        const hear = (/** @type {unknown} */ message) => {
          if (!accepts(message)) return;
          child.off('message', hear);
          resolve(message);
        };
        child.on('message', hear);
        void exited.then(() => reject(failure('ended before it sent a message')));
      }),
    async stop(signal = 'SIGTERM') {
      if (signal === 'SIGKILL') killGroup(child, signal);
      else child.kill(signal);
      const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_TIMEOUT);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Also reaches the children of the child: `npm start` has some. @param {ChildProcess} child @param {NodeJS.Signals} signal */
function killGroup({ pid }, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

let stopsTogether = false;

/** Ends the children when this process ends: by itself, or by a signal that nothing else here handles. */
function stopTogether() {
  if (stopsTogether) return;
  stopsTogether = true;
  const killAll = () => running.forEach((signal, child) => killGroup(child, signal));
  process.once('exit', killAll);
  for (const signal of /** @type {const} */ (['SIGHUP', 'SIGINT', 'SIGTERM'])) {
    const end = () => {
      if (process.listenerCount(signal) > 1) return;
      killAll();
      process.off(signal, end);
      process.kill(process.pid, signal);
    };
    process.prependListener(signal, end);
  }
}

/** @type {boolean | undefined} */
let hasSetpriv;

/** A prefix of the command. On Linux the kernel then ends the child even when its parent was killed. @param {NodeJS.Signals} signal */
function parentDeathSignal(signal) {
  hasSetpriv ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0;
  return hasSetpriv ? ['setpriv', '--pdeathsig', signal.slice(3), '--'] : [];
}
