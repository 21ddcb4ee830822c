/** Writes a file for other programs, and replaces none but what this command wrote and nobody has changed since. */
import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { SettingsError } from '../settings/parse-settings.js';

/** What a file is: the option that names it, its text, and who may read it. */
interface OwnFile {
  option: string;
  file: string;
  text: string;
  mode: 0o600 | 0o644;
}

/**
 * Whoever waits for the file never finds half of it. Throws a {@link SettingsError} if something else is there: a file that
 * this command did not write, one that was changed, a link, a folder.
 */
export function writeOwnFile({ option, file, text, mode }: OwnFile): void {
  const part = `${file}.${randomUUID()}.part`;
  try {
    if (!isFree(file))
      throw new SettingsError(
        `${option} ${file} is there already, and is not as this command wrote it: name another file, or remove it.`,
      );
    // `wx` never follows a link, and the renaming replaces one that somebody else puts there meanwhile.
    writeFileSync(part, `${marker(text)}\n${text}`, { flag: 'wx', mode });
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    if (error instanceof SettingsError) throw error;
    throw new SettingsError(`${option} ${file} cannot be written: ${(error as NodeJS.ErrnoException).code}.`);
  }
}

/** A comment to every reader of settings and of certificates. The digest tells whether somebody has changed the rest. */
function marker(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `# Written by verify-contact emulator, which replaces this file unless somebody changes it (${digest}).`;
}

/** Whether there is nothing, or what this command wrote. */
function isFree(file: string): boolean {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (!there) return true;
  if (!there.isFile()) return false;
  const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n');
  return first === marker(lines.join('\n'));
}
