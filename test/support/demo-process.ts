/** Runs the demo as `npm start` does, on a free port. Not a test. */
import { freePort } from '../../scripts/processes/free-port.js';
import { startProcess, type RunningProcess } from '../../scripts/processes/start-process.js';

/** The demo, and where it is. */
export interface RunningDemo extends RunningProcess {
  port: string;
  origin: string;
}

/** Starts the command of `npm start` and waits until it has printed its address; rejects with its output if it exits instead. */
export async function startDemo(env: Record<string, string> = {}): Promise<RunningDemo> {
  const demo = await runDemo(env);
  await demo.waitForOutput(/The demo is on[^]*\n\n$/);
  return demo;
}

/** Starts the command of `npm start`, and does not wait. */
export async function runDemo(env: Record<string, string> = {}): Promise<RunningDemo> {
  const settings = Object.entries(process.env).filter(([name]) => !name.startsWith('TWILIO_'));
  const { PORT: port = String(await freePort()) } = env;
  const demo = startProcess([process.execPath, 'demo/start.js'], {
    env: { ...Object.fromEntries(settings), PORT: port, ...env },
  });
  return { ...demo, port, origin: `http://localhost:${port}` };
}
