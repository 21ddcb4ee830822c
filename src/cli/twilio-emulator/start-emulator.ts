/** `verify-contact emulator`: serves the emulator with its control plane on a port, until the process ends. */
import { resolve } from 'node:path';
import { createEmulator } from '../../emulator/index.js';
import { serveEmulator } from '../../emulator/node.js';
import { serveProxy } from '../../emulator/serving/serve-proxy.js';
import type { Emulator } from '../../emulator/index.js';
import { openPort } from '../settings/open-port.js';
import { requireProxyPackages } from '../settings/required-packages.js';
import type { EmulatorArguments } from './emulator-arguments.js';
import { writeOwnFile } from './own-file.js';
import { jsonOf, dotenvOf, type EmulatorAddresses } from './settings-output.js';

/** Where the command writes: `print` takes what other programs read, `warn` what a person should see. */
interface Output {
  print(line: string): void;
  warn(line: string): void;
}

/**
 * Starts it and gives out its address and the settings of a program that uses it. Resolves to a function that stops it.
 * Rejects with a `SettingsError` if a port is taken or a file cannot be written.
 */
export async function startEmulator(given: EmulatorArguments, { print, warn }: Output): Promise<() => Promise<void>> {
  const { port, host, options, envFile, json } = given;
  if (given.proxy) requireProxyPackages();
  const emulator = createEmulator({ magicNumbers: true, ...options, control: true });
  const { url, close } = await openPort(() => serveEmulator(emulator, { port, hostname: host }), {
    port: given.portSetting,
    hostname: '--host',
  });
  const closing = [close];
  const stop = async () => void (await Promise.all(closing.map((one) => one())));
  try {
    const addresses: EmulatorAddresses = { url: reachable(url) };
    if (given.proxy) {
      const { close: closeProxy, ...proxy } = await openProxy(emulator, host, given.proxy);
      closing.push(closeProxy);
      // A certificate is no secret, and a program of another user may be the one that must trust it.
      writeOwnFile({ option: '--ca-file', file: given.proxy.caFile, text: proxy.certificate, mode: 0o644 });
      addresses.proxy = { url: reachable(proxy.url), caFile: resolve(given.proxy.caFile) };
    }
    for (const warning of warningsFor(given)) warn(warning);
    const lines = dotenvOf(emulator, addresses);
    const text = `${lines.join('\n')}\n`;
    if (envFile !== undefined) writeOwnFile({ option: '--dotenv', file: envFile, text, mode: 0o600 });
    if (json) print(JSON.stringify(jsonOf(emulator, addresses)));
    else lines.forEach(print);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function openProxy(emulator: Emulator, hostname: string, { port }: { port: number }) {
  return openPort(() => serveProxy(emulator, { port, hostname }), { port: '--proxy', hostname: '--host' });
}

/** An address that means every address of this machine is none that a client can call. */
function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace(/\/\/\[[0:]+\]:/, '//[::1]:');
}

function warningsFor({ host, options: { fixedCode = {} } }: EmulatorArguments): string[] {
  const never = 'NEVER USE THIS WHERE REAL PEOPLE VERIFY REAL CONTACTS.';
  const isOpen = !/^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);
  const destinations = typeof fixedCode === 'string' ? [] : Object.keys(fixedCode);
  return [
    ...(typeof fixedCode === 'string'
      ? [`WARNING: EVERY CODE IS ${fixedCode}. ANYBODY PASSES EVERY VERIFICATION WITH IT. ${never}`]
      : []),
    ...(destinations.length > 0
      ? [
          `WARNING: THE CODES FOR ${destinations.join(', ')} ARE FIXED. ANYBODY WHO KNOWS THEM PASSES THESE VERIFICATIONS. ${never}`,
        ]
      : []),
    ...(isOpen ? [`Other machines can reach ${host}. Whoever does can read every code and change every setting.`] : []),
  ];
}
