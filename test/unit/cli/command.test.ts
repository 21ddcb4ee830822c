/** The command line, as far as it starts something: the emulator and the backend find each other by the lines that are printed. */
import { afterEach, expect, it } from 'vitest';
import { printKeys } from '../../../src/cli/keys.js';
import { startServer } from '../../../src/cli/serve/serve.js';
import { readEmulatorArguments } from '../../../src/cli/twilio-emulator/emulator-arguments.js';
import { startEmulator } from '../../../src/cli/twilio-emulator/start-emulator.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Starts the emulator as the command does, on this port. */
const start = (port: string, print: (line: string) => void) =>
  startEmulator(readEmulatorArguments(new Map([['port', [port]]]), {}), { print, warn: print });

/** The lines that look like settings, as a shell would read them. */
function settingsIn(lines: readonly string[]): Record<string, string> {
  const pairs = lines.join('\n').matchAll(/^([A-Z_]+)='?(.*?)'?$/gm);
  return Object.fromEntries([...pairs].map(([, name, value]) => [name ?? '', value ?? '']));
}

it('what the emulator and the keys print is all that serve needs beside an audience and a choice', async () => {
  const printed: string[] = [];
  const print = (line: string) => void printed.push(line);
  closing.push(await start('0', print));
  await printKeys(print);
  const choices = { VERIFY_AUDIENCE: 'https://shop.example', VERIFY_ANONYMOUS: 'true', VERIFY_PORT: '0' };
  closing.push(await startServer({ ...settingsIn(printed), ...choices }, print));
  const url = /http:\S+\d/.exec(printed.at(-1) ?? '')?.[0];
  const outbox = /http:\S+outbox/.exec(printed.join(' '))?.[0];

  const response = await fetch(`${url}/contact`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ to: '+14155552671' }),
  });
  expect(response.status).toBe(201);
  const messages: unknown = await (await fetch(outbox ?? '')).json();
  expect(messages).toMatchObject([{ to: '+14155552671', channel: 'sms' }]);
});

it('a port that is taken is told to the caller', async () => {
  const printed: string[] = [];
  closing.push(await start('0', (line) => printed.push(line)));
  const port = Number(/:(\d+)/.exec(printed[0] ?? '')?.[1]);
  await expect(start(String(port), () => {})).rejects.toThrow(
    `--port is ${port}, which is taken: stop what uses it, or choose another port.`,
  );
});
