#!/usr/bin/env node
/** The command `verify-contact`: serve, doctor, keys, emulator, conformance, help, version. It reads the arguments; src/cli/ does the work. */
import { createRequire } from 'node:module';
import { readArguments } from './cli/arguments.js';
import { conformance } from './cli/conformance.js';
import { runDoctor } from './cli/doctor/doctor.js';
import { printKeys, printNextKeys, printRotation } from './cli/keys.js';
import { startServer } from './cli/serve/serve.js';
import { SettingsError } from './cli/settings/parse-settings.js';
import { describeSetting, settingNames } from './cli/settings/settings-schema.js';
import { readEmulatorArguments } from './cli/twilio-emulator/emulator-arguments.js';
import { startEmulator } from './cli/twilio-emulator/start-emulator.js';
import { MissingPackageError } from './server/internals.js';

const help = `verify-contact serve              runs the backend on a port, configured by environment variables (below)
verify-contact doctor [--to …]    tests these settings against Twilio and the stores, and says what to change;
                                  --to sends a code by each channel to a contact of yours, at the usual cost; repeat it
                                  for a phone number and an e-mail address
verify-contact keys               prints new keys for serve
verify-contact keys --next        prints the keys of the next rotation, which you publish first
verify-contact keys --rotate      prints the environment's keys one step on: next → current → previous
verify-contact emulator           runs an emulator of Twilio Verify that sends no messages, and prints the settings of a
                                  program that uses it; --json prints JSON, --dotenv FILE writes them to a file;
                                  --port (else PORT, else 4010) and --host (127.0.0.1) say where it listens;
                                  --allow-host NAME lets its control plane be called by that name; repeat it;
                                  --config FILE describes services, templates and more (emulator.schema.json);
                                  --code 123456 makes every code that one, for demos and reviewers;
                                  --proxy PORT --ca-file FILE plays Twilio for programs that call
                                  https://verify.twilio.com: they take that proxy, and trust that certificate
verify-contact conformance URL    tests whether the backend at that address keeps the contract of the elements;
                                  it sends codes only with --emulator http://…, the emulator that this backend uses;
                                  --bearer … or --cookie … is a session of a user who must still pass two-factor
verify-contact --version          prints the version of this package

Settings of serve and doctor:

${settingNames.map((name) => `${name.padEnd(36)} ${describeSetting(name)}`).join('\n')}`;

const print = (line: string) => console.log(line);
const warn = (line: string) => console.error(line);

try {
  await run();
} catch (error) {
  console.error(messageFor(error));
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { command, operand, options } = readArguments(process.argv.slice(2));
  const valueOf = (name: string) => options.get(name)?.[0];
  switch (command) {
    case 'serve':
      return stopOnSignal(await startServer(process.env, print));
    case 'doctor':
      process.exitCode = (await runDoctor(process.env, { to: options.get('to') ?? [], print })) ? 0 : 1;
      return;
    case 'keys':
      if (options.size > 1) throw new SettingsError('--next and --rotate are two steps: give one of them.');
      if (options.has('next')) return printNextKeys(print);
      return options.has('rotate') ? printRotation(process.env, print) : printKeys(print);
    case 'emulator':
      return stopOnSignal(await startEmulator(readEmulatorArguments(options, process.env), { print, warn }));
    case 'conformance': {
      const [emulator, bearer, cookie] = [valueOf('emulator'), valueOf('bearer'), valueOf('cookie')];
      process.exitCode = (await conformance(operand, { emulator, bearer, cookie, print })) ? 0 : 1;
      return;
    }
    case 'help':
      return print(help);
    case 'version':
      return print(packageVersion());
  }
}

/** The version in `package.json`. */
function packageVersion(): string {
  const load = createRequire(import.meta.url);
  return (load('verify-contact/package.json') as { version: string }).version;
}

/** The first signal lets the requests in flight finish. The same signal again ends the process at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}

/** One sentence for what the person at the terminal can correct. Any other error is a bug and keeps its stack. */
function messageFor(error: unknown): unknown {
  const isExpected = error instanceof SettingsError || error instanceof MissingPackageError;
  return isExpected ? error.message : error;
}
