/** `verify-contact keys`: prints new keys, and the two steps of a rotation, as lines for the environment of `serve`. It stores no key. */
import { generateKeys } from '../server/index.js';
import { requireSetting, SettingsError, type Environment } from './settings/parse-settings.js';

/** Prints two lines: a secret, and a private key that signs proofs. */
export async function printKeys(print: (line: string) => void): Promise<void> {
  const { secret, signing } = await generateKeys();
  print(`VERIFY_SECRET=${secret}`);
  print(`VERIFY_SIGNING_KEY='${JSON.stringify(signing)}'`);
}

/**
 * The first step of a rotation: prints two lines to add. Every instance then publishes the next signing key and opens
 * what is sealed with the next secret, but uses neither itself.
 */
export async function printNextKeys(print: (line: string) => void): Promise<void> {
  const { secret, signing } = await generateKeys();
  print(`VERIFY_NEXT_SECRET=${secret}`);
  print(`VERIFY_NEXT_SIGNING_KEY='${JSON.stringify(signing)}'`);
}

/**
 * The second step: prints four lines that replace all key lines. The next keys become the current ones, and the current
 * ones the previous ones. Throws `SettingsError` while the last rotation is unfinished: a key that is still needed to open
 * challenges and to find counters would be dropped.
 */
export function printRotation(env: Environment, print: (line: string) => void): void {
  const unfinished = (['VERIFY_PREVIOUS_SECRET', 'VERIFY_PREVIOUS_SIGNING_KEY'] as const).find((name) => env[name]);
  if (unfinished) {
    throw new SettingsError(
      `${unfinished} is of the last rotation: a day after that rotation, remove it everywhere; only then rotate again.`,
    );
  }
  const secret = requireSetting(env, 'VERIFY_NEXT_SECRET');
  const signing = requireSetting(env, 'VERIFY_NEXT_SIGNING_KEY');
  const previousSecret = requireSetting(env, 'VERIFY_SECRET');
  const previousSigning = requireSetting(env, 'VERIFY_SIGNING_KEY');
  print(`VERIFY_SECRET=${secret}`);
  print(`VERIFY_SIGNING_KEY='${signing}'`);
  print(`VERIFY_PREVIOUS_SECRET=${previousSecret}`);
  print(`VERIFY_PREVIOUS_SIGNING_KEY='${previousSigning}'`);
}
