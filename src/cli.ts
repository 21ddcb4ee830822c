#!/usr/bin/env node
/** The command `verify-contact`: serve, doctor, keys, emulator, conformance, help. It reads the arguments; src/cli/ does the work. */
import { parseArgs } from 'node:util';
import { conformance } from './cli/conformance.js';
import { runDoctor } from './cli/doctor/doctor.js';
import { startEmulator } from './cli/emulator.js';
import { printKeys, printNextKeys, printRotation } from './cli/keys.js';
import { startServer } from './cli/serve/serve.js';
import { readPort, SettingsError } from './cli/settings/parse-settings.js';
import { requirePackages } from './cli/settings/required-packages.js';
import { describeSetting, settingNames } from './cli/settings/settings-schema.js';

const help = `verify-contact serve              runs the backend on a port, configured by environment variables (below)
verify-contact doctor [--to …]    tests these settings against Twilio and the stores, and says what to change;
                                  --to sends a code by each channel to a contact of yours, at the usual cost; repeat it
                                  for a phone number and an e-mail address
verify-contact keys               prints new keys for serve
verify-contact keys --next        prints the keys of the next rotation, which you publish first
verify-contact keys --rotate      prints the environment's keys one step on: next → current → previous
verify-contact emulator [--port]  runs an emulator of Twilio Verify that sends no messages; default port 4010
verify-contact conformance URL    tests whether the backend at that address keeps the contract of the elements;
                                  it sends codes only with --emulator http://…, the emulator that this backend uses;
                                  --bearer … or --cookie … is a session of a user who must still pass two-factor

Settings of serve and doctor:

${settingNames.map((name) => `${name.padEnd(36)} ${describeSetting(name)}`).join('\n')}`;

const print = (line: string) => console.log(line);

try {
  await run();
} catch (error) {
  console.error(messageFor(error));
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      port: { type: 'string', default: '4010' },
      to: { type: 'string', multiple: true, default: [] },
      next: { type: 'boolean' },
      rotate: { type: 'boolean' },
      emulator: { type: 'string' },
      bearer: { type: 'string' },
      cookie: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) return print(help);
  const [command, url] = positionals;
  if (command === 'conformance' && url !== undefined && positionals.length === 2) {
    process.exitCode = (await conformance(url, { ...values, print })) ? 0 : 1;
    return;
  }
  switch (positionals.join(' ')) {
    case 'serve':
      requirePackages(process.env);
      return stopOnSignal(await startServer(process.env, print));
    case 'doctor':
      requirePackages(process.env);
      process.exitCode = (await runDoctor(process.env, { to: values.to, print })) ? 0 : 1;
      return;
    case 'keys':
      if (values.next) return printNextKeys(print);
      return values.rotate ? printRotation(process.env, print) : printKeys(print);
    case 'emulator':
      return stopOnSignal(await startEmulator(readPort('--port', values.port), print));
    case 'help':
      return print(help);
    default:
      console.error(help);
      process.exitCode = 1;
  }
}

/** The first signal lets the requests in flight finish. The same signal again ends the process at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

/** One sentence for what the person at the terminal can correct. Any other error is a bug and keeps its stack. */
function messageFor(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return 'The port is taken: stop what uses it, or choose another one.';
  if (code === 'EACCES') return 'You may not open this port: choose one above 1023.';
  const isExpected = error instanceof SettingsError || error instanceof TypeError || code.startsWith('ERR_PARSE_ARGS');
  return isExpected && error instanceof Error ? error.message : error;
}
