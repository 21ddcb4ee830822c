/** Runs the demo as `npm start` does, on a free port, and opens its pages. Not a test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

/** The process, and what it has said: until its address, or until its end. */
export interface Started {
  demo: ChildProcess;
  said: string;
  code: number | null;
}

/** Runs `npm start`'s command and waits for its first words, or for its end. */
export async function startDemo(env: Record<string, string>): Promise<Started> {
  const settings = Object.entries(process.env).filter(([name]) => !name.startsWith('TWILIO_'));
  const demo = spawn(process.execPath, ['demo/start.js'], { env: { ...Object.fromEntries(settings), ...env } });
  let said = '';
  return new Promise((resolve) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('The demo is on') && said.endsWith('\n\n')) resolve({ demo, said, code: null });
    };
    demo.stdout.on('data', hear);
    demo.stderr.on('data', hear);
    demo.on('exit', (code) => resolve({ demo, said, code }));
  });
}

/** A port that nobody has. */
export async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
