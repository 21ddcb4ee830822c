/** Starts commands and servers for the examples, and never lets one run on. Knows no example. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** Everything that builds and serves here stays on this machine and tells nobody about it. */
const quiet = { CI: 'true', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false' };

/** Settings of the caller's own Twilio account have no business here: nothing may be sent. */
const inherited = Object.entries(process.env).filter(([key]) => !/^(TWILIO_|VERIFY_|npm_)/.test(key));

/** @param {Record<string, string>} [env] @returns {NodeJS.ProcessEnv} */
const environment = (env) => ({ ...Object.fromEntries(inherited), ...quiet, ...env });

/** Groups that run. Whoever stops this script stops them as well. @type {Set<number | undefined>} */
const running = new Set();
process.once('exit', () => running.forEach(killGroup));
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
])) {
  process.once(signal, () => process.exit(code));
}

/** The last of what a command said: the rest of its output seldom helps. @param {string} said */
const tail = (said) => said.trim().split('\n').slice(-25).join('\n');

/**
 * Runs a command to its end. Rejects with the last of its output if it fails or takes longer than that many seconds.
 * @param {string[]} command @param {string} cwd @param {number} seconds
 * @returns {Promise<string>} its output
 */
export function run([file = '', ...args], cwd, seconds) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    running.add(child.pid);
    let said = '';
    child.stdout.on('data', (chunk) => (said += String(chunk)));
    child.stderr.on('data', (chunk) => (said += String(chunk)));
    const timer = setTimeout(() => {
      said += `\n(stopped after ${seconds} s)`;
      killGroup(child.pid);
    }, seconds * 1000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      running.delete(child.pid);
      if (code === 0) resolve(said);
      else reject(new Error(`${[file, ...args].join(' ')} failed:\n${tail(said)}`));
    });
  });
}

/**
 * Starts a server and waits until `ready` resolves to something. Rejects with what it said if it ends before, or takes too long.
 * @template T
 * @param {string[]} command @param {string} cwd @param {Record<string, string>} env
 * @param {(said: string) => Promise<T | null> | T | null} ready
 * @returns {Promise<{ value: T, said: () => string, stop: () => Promise<void> }>}
 */
export async function startServer([file = '', ...args], cwd, env, ready) {
  const child = spawn(file, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  running.add(child.pid);
  let said = '';
  let ended = false;
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const end = new Promise((resolve) => child.once('close', resolve)).then(() => void (ended = true));
  child.once('error', (error) => (said += error.message));
  const stop = async () => {
    killGroup(child.pid);
    await end;
    running.delete(child.pid);
  };
  const deadline = Date.now() + 180_000;
  while (!ended && Date.now() < deadline) {
    const value = await ready(said);
    if (value !== null) return { value, said: () => tail(said), stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${[file, ...args].join(' ')} did not start:\n${tail(said)}`);
}

/** `npm start` has children of its own, so the whole group goes. @param {number | undefined} pid */
function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A port of this machine that nobody listens on. @returns {Promise<number>} */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port;
}
