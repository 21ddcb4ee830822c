/** The files that the emulator writes for other programs: it replaces its own, and nothing that is somebody else's. */
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readArguments } from '../../../src/cli/arguments.js';
import { SettingsError } from '../../../src/cli/settings/parse-settings.js';
import { readEmulatorArguments } from '../../../src/cli/twilio-emulator/emulator-arguments.js';
import { startEmulator } from '../../../src/cli/twilio-emulator/start-emulator.js';

const folder = mkdtempSync(join(tmpdir(), 'verify-contact-emulator-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (args: readonly string[]) =>
  readEmulatorArguments(readArguments(['emulator', ...args]).options, { PORT: '0' });

/** Starts it as a person would, and stops it. */
async function start(...args: string[]): Promise<void> {
  const nowhere = () => undefined;
  await (
    await startEmulator(read(args), { print: nowhere, warn: nowhere })
  )();
}

describe('a file that is there already', () => {
  const takers = [
    ['--dotenv', 'settings', 0o600],
    ['--ca-file', 'ca', 0o644],
  ] as const;
  const startWith = (option: string, file: string) =>
    start(...(option === '--ca-file' ? ['--proxy', '0'] : []), option, file);
  const refused = (option: string, file: string) =>
    `${option} ${file} is there already, and is not as this command wrote it: name another file, or remove it.`;
  let number = 0;
  const empty = () => join(folder, `there-${(number += 1)}`);

  it.each(takers)(
    'of %s is replaced if the command wrote it, and nobody but its reader sees it',
    async (option, _, mode) => {
      const file = empty();
      await startWith(option, file);
      const before = readFileSync(file, 'utf8');
      await startWith(option, file);
      expect(readFileSync(file, 'utf8')).not.toBe(before);
      expect(statSync(file).mode & 0o777).toBe(mode);
      expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    },
  );

  it.each(takers)('of %s is left as it is if somebody else wrote it, or added a line', async (option) => {
    const file = empty();
    for (const content of ['STRIPE_KEY=sk_live_1\n', '']) {
      writeFileSync(file, content, { mode: 0o600 });
      await expect(startWith(option, file)).rejects.toThrow(new SettingsError(refused(option, file)));
      expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual([content, 0o600]);
    }
    rmSync(file);
    await startWith(option, file);
    appendFileSync(file, 'STRIPE_KEY=sk_live_1\n');
    await expect(startWith(option, file)).rejects.toThrow(refused(option, file));
    expect(readFileSync(file, 'utf8')).toMatch(/STRIPE_KEY=sk_live_1\n$/);
  });

  it.each(takers)('of %s is left as it is if it is a link or a folder', async (option) => {
    const [target, link, dangling] = [empty(), empty(), empty()];
    await startWith(option, target);
    symlinkSync(target, link);
    symlinkSync(empty(), dangling);
    for (const file of [link, dangling, folder])
      await expect(startWith(option, file)).rejects.toThrow(refused(option, file));
    expect(readlinkSync(link)).toBe(target);
    expect(existsSync(readlinkSync(dangling))).toBe(false);
  });

  it('is never both the settings and the certificate', () => {
    const both = ['--proxy', '0', '--ca-file', './one', '--dotenv', 'one'];
    expect(() => read(both)).toThrow('--dotenv and --ca-file name the same file: give them two.');
  });
});
