/** `verify-contact keys`: fresh keys as lines for the environment of `serve`, and the two steps of a rotation. They are printed once and kept nowhere. */
import { generateKeys } from '../server/index.js';
import { SettingsError, type Environment } from './settings/twilio-settings.js';
import { demand } from './settings/read-setting.js';

/** Prints two lines: a secret, and a private key to sign proofs with. */
export async function printKeys(print: (line: string) => void): Promise<void> {
  const { secret, signing } = await generateKeys();
  print(`VERIFY_SECRET=${secret}`);
  print(`VERIFY_SIGNING_KEY='${JSON.stringify(signing)}'`);
}

/**
 * The first step of a rotation: two lines to add. Every instance then publishes the next signing key and opens what is
 * sealed with the next secret, and uses neither.
 */
export async function printNextKeys(print: (line: string) => void): Promise<void> {
  const { secret, signing } = await generateKeys();
  print(`VERIFY_NEXT_SECRET=${secret}`);
  print(`VERIFY_NEXT_SIGNING_KEY='${JSON.stringify(signing)}'`);
}

/**
 * The second step: four lines in place of the six that may be there, the next keys become the current ones. Throws
 * `SettingsError` while the last rotation is not over, since what was sealed and counted before it would be lost.
 */
export function printRotation(env: Environment, print: (line: string) => void): void {
  const unfinished = (['VERIFY_PREVIOUS_SECRET', 'VERIFY_PREVIOUS_SIGNING_KEY'] as const).find((name) => env[name]);
  if (unfinished) {
    throw new SettingsError(`${unfinished} is of the last rotation: remove it everywhere, a day after that, first.`);
  }
  const [secret, signing] = [demand(env, 'VERIFY_NEXT_SECRET'), demand(env, 'VERIFY_NEXT_SIGNING_KEY')];
  const [oldSecret, oldSigning] = [demand(env, 'VERIFY_SECRET'), demand(env, 'VERIFY_SIGNING_KEY')];
  print(`VERIFY_SECRET=${secret}`);
  print(`VERIFY_SIGNING_KEY='${signing}'`);
  print(`VERIFY_PREVIOUS_SECRET=${oldSecret}`);
  print(`VERIFY_PREVIOUS_SIGNING_KEY='${oldSigning}'`);
}
