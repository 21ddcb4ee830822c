/** Runs the commands and servers of the examples, without the settings of the caller's own Twilio account. Knows no example. */
import { startProcess } from '../processes/start-process.js';

/** Everything that builds and serves here stays on this machine and reports to nobody. */
const quiet = { CI: 'true', NO_COLOR: '1', NEXT_TELEMETRY_DISABLED: '1', NG_CLI_ANALYTICS: 'false' };

/** Nothing may be sent through the caller's own account. */
const inherited = Object.entries(process.env).filter(([key]) => !/^(TWILIO_|VERIFY_|npm_)/.test(key));

/**
 * Starts a command. Stop it with SIGKILL: `npm start` has children, and the whole group must end.
 * @param {string[]} command @param {string} cwd @param {Record<string, string>} [env]
 */
export const start = (command, cwd, env) =>
  startProcess(command, { cwd, env: { ...Object.fromEntries(inherited), ...quiet, ...env } });

/**
 * Runs a command until it ends, and resolves to its output. Rejects with the last lines if it fails or takes longer than that.
 * @param {string[]} command @param {string} cwd @param {number} seconds
 * @returns {Promise<string>}
 */
export async function run(command, cwd, seconds) {
  const { exited, output, stop } = start(command, cwd);
  let end = '';
  const timer = setTimeout(() => {
    end = `\n(stopped after ${seconds} s)`;
    void stop('SIGKILL');
  }, seconds * 1000);
  const code = await exited;
  clearTimeout(timer);
  if (code === 0) return output();
  throw new Error(`${command.join(' ')} failed:\n${lastLines(output() + end)}`);
}

/** The end of an output; the rest seldom helps. @param {string} output */
export const lastLines = (output) => output.trim().split('\n').slice(-25).join('\n');
