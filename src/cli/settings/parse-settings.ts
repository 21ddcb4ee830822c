/** Parses environment variables by the schema of the settings. Each error is one sentence that names the variable, and quotes no value that may hold a secret. */
import type { z } from 'zod';
import { helpOf, port, type SettingName } from './settings-schema.js';

/** Like `process.env`. An empty value counts as not set, except that of a policy, which is refused. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is missing, has a wrong value or contradicts another one. The message is one sentence and contains no secret. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'bad-settings';
}

/**
 * Settings that decide who may do what. An empty value usually comes from a variable that is not set, and must not become a
 * default that its owner did not choose.
 */
const policies: readonly SettingName[] = [
  'VERIFY_ANONYMOUS',
  'VERIFY_ORIGINS',
  'VERIFY_PROXIES',
  'VERIFY_TWO_FACTOR',
  'VERIFY_TWO_FACTOR_EMAIL',
  'VERIFY_UNIQUE_CONTACTS',
  'VERIFY_COUNTRIES',
  'VERIFY_CHANNELS',
  'VERIFY_LIMITS',
  'VERIFY_TEST_CONTACTS',
];

/** The values of the settings in `schema`. Throws {@link SettingsError} for the first wrong value; ignores other variables. */
export function parseSettings<T extends z.ZodObject>(schema: T, env: Environment): z.output<T> {
  const empty = policies.find((name) => name in schema.shape && env[name] === '');
  if (empty) throw new SettingsError(`${empty} is empty: give it a value, or leave it out to have the default.`);
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const name = issue?.path[0] as SettingName;
  throw new SettingsError(given[name] === undefined ? missing(name) : `${name} ${issue?.message}`);
}

/** The text of a setting that must be there. */
export function requireSetting(env: Environment, name: SettingName): string {
  const value = env[name];
  if (!value) throw new SettingsError(missing(name));
  return value;
}

const missing = (name: SettingName) => `${name} is missing: ${helpOf(name)}.`;

/** A port number, for instance of a command-line option; 0 takes any free port. */
export function readPort(name: string, value: string): number {
  const result = port.safeParse(value);
  if (result.success) return result.data;
  throw new SettingsError(`${name} ${result.error.issues[0]?.message}`);
}
