/** Finds the optional packages that the settings need and that are not installed. It loads none of them. */
import { createRequire } from 'node:module';
import { SettingsError, type Environment } from './parse-settings.js';

const { resolve } = createRequire(import.meta.url);

/** Throws a {@link SettingsError} that names all missing packages, with the command that installs them. */
export function requirePackages(env: Environment): void {
  const missing = packagesFor(env).filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  throw new SettingsError(`This set-up needs packages that are not installed: npm install ${missing.join(' ')}`);
}

function packagesFor({ VERIFY_STORE = '', VERIFY_ACCOUNTS = '', VERIFY_METRICS_PORT }: Environment): string[] {
  const places = `${VERIFY_STORE} ${VERIFY_ACCOUNTS}`;
  const when = (isNeeded: boolean, name: string) => (isNeeded ? [name] : []);
  return [
    'twilio',
    'pino',
    ...when(/\bsqlite:/.test(places), 'libsql'),
    ...when(/\brediss?:/.test(places), '@redis/client'),
    ...when(/\bpostgres(ql)?:/.test(places), 'pg'),
    ...when(Boolean(VERIFY_METRICS_PORT), 'prom-client'),
  ];
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
