#!/usr/bin/env node
/** The command `verify-contact`: serve, doctor, keys, emulator, conformance, help. It reads arguments and environment, and leaves the work to src/cli/. */
import { parseArgs } from 'node:util';
import { conformance } from './cli/conformance.js';
import { runDoctor } from './cli/doctor/doctor.js';
import { startEmulator } from './cli/emulator.js';
import { SettingsError } from './cli/settings/twilio-settings.js';
import { printKeys, printNextKeys, printRotation } from './cli/keys.js';
import { readPort, settings } from './cli/settings/read-setting.js';
import { requirePackages } from './cli/settings/required-packages.js';
import { NotStarted } from './cli/serve/cluster.js';
import { startServer } from './cli/serve/serve.js';

const help = `verify-contact serve              the backend on a port, set up by the environment (below)
verify-contact doctor [--to …]    asks Twilio and the stores about that set-up, and says what to change;
                                  --to sends codes to a contact of yours (several times), which costs what codes cost
verify-contact keys               makes fresh keys for serve and prints them
verify-contact keys --next        makes the keys of the next rotation, to be published first
verify-contact keys --rotate      prints the environment's keys one step on: next → current → previous
verify-contact emulator [--port]  a stand-in for Twilio Verify that sends nothing; default port 4010
verify-contact conformance URL    asks the backend at that address whether it keeps the contract of the elements; nothing
                                  is sent unless it is set up with our emulator as its Twilio: --emulator http://…
                                  --bearer … or --cookie … is a session that owes a second factor, for what needs one

Twilio: TWILIO_ACCOUNT_SID, TWILIO_API_KEY and TWILIO_API_SECRET (or TWILIO_AUTH_TOKEN), TWILIO_VERIFY_SERVICE_SID,
TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID; TWILIO_BASE_URL for another host, such as the emulator's.

${Object.entries(settings)
  .map(([name, meaning]) => `${name.padEnd(28)} ${meaning}`)
  .join('\n')}`;

const print = (line: string) => console.log(line);

try {
  await run();
} catch (error) {
  if (!(error instanceof NotStarted)) console.error(inOneSentence(error));
  process.exitCode = 1;
  // One of several processes: what keeps it alive is the line to the one that started it.
  if (process.connected) process.disconnect();
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

/** The first signal lets the requests at hand finish; a second one ends the process at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

/** What a person at a terminal can act on; faults of ours keep their stack. */
function inOneSentence(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return 'The port is taken: stop what uses it, or choose another one.';
  if (code === 'EACCES') return 'The port is not for everybody to open: choose one above 1023.';
  const isOurs = error instanceof SettingsError || error instanceof TypeError || code.startsWith('ERR_PARSE_ARGS');
  return isOurs && error instanceof Error ? error.message : error;
}
