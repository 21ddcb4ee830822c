/** Which packages a set-up needs beside those that come along, asked before anything starts. It loads none of them. */
import { createRequire } from 'node:module';
import { SettingsError, type Environment } from './twilio-settings.js';

const { resolve } = createRequire(import.meta.url);

/** Throws a {@link SettingsError} that names all that are missing, with the command that installs them. */
export function requirePackages(env: Environment): void {
  const missing = needed(env).filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  throw new SettingsError(`This set-up needs packages that are not installed: npm install ${missing.join(' ')}`);
}

function needed({ VERIFY_STORE = '', VERIFY_ACCOUNTS = '', VERIFY_METRICS_PORT }: Environment): string[] {
  const places = `${VERIFY_STORE} ${VERIFY_ACCOUNTS}`;
  const when = (is: boolean | RegExp, name: string) => ((is instanceof RegExp ? is.test(places) : is) ? [name] : []);
  return [
    'twilio',
    'pino',
    ...when(/\bsqlite:/, 'libsql'),
    ...when(/\brediss?:/, '@redis/client'),
    ...when(/\bpostgres(ql)?:/, 'pg'),
    ...when(Boolean(VERIFY_METRICS_PORT), 'prom-client'),
  ];
}

function isInstalled(name: string): boolean {
  try {
    resolve(name);
    return true;
  } catch (error) {
    // A package that has nothing for `require` is there all the same.
    return (error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND';
  }
}
