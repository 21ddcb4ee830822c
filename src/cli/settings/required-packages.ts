/** Finds the optional packages that the settings need and that are not installed. It loads none of them. */
import { createRequire } from 'node:module';
import { SettingsError } from './parse-settings.js';
import type { Settings } from './settings-schema.js';

const { resolve } = createRequire(import.meta.url);

/** Throws a {@link SettingsError} that names all packages that are missing, with the command that installs them. */
export function requirePackages(settings: Settings, command: 'serve' | 'doctor'): void {
  const missing = missingPackages(settings, command);
  if (missing.length === 0) return;
  throw new SettingsError(`This set-up needs packages that are not installed: npm install ${missing.join(' ')}`);
}

/** Throws a {@link SettingsError} if the emulator's proxy lacks the packages that make its certificates. */
export function requireProxyPackages(): void {
  const missing = ['pkijs', 'asn1js'].filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  throw new SettingsError(`--proxy needs packages that are not installed: npm install ${missing.join(' ')}`);
}

/** The packages that are missing. The doctor writes no log and no metrics. */
export function missingPackages(
  { VERIFY_STORE: store, VERIFY_ACCOUNTS: accounts, VERIFY_METRICS_PORT: metricsPort }: Settings,
  command: 'serve' | 'doctor',
): string[] {
  const when = (isNeeded: boolean, name: string) => (isNeeded ? [name] : []);
  const needed = [
    'twilio',
    ...when(store.kind === 'sqlite' || accounts?.kind === 'sqlite', 'libsql'),
    ...when(store.kind === 'redis', '@redis/client'),
    ...when(accounts?.kind === 'postgres', 'pg'),
    ...when(command === 'serve', 'pino'),
    ...when(command === 'serve' && metricsPort !== undefined, 'prom-client'),
  ];
  return needed.filter((name) => !isInstalled(name));
}

function isInstalled(name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch (error) {
    // An installed package without an entry for `require` fails with another code.
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}
