/** Runs the backend's own checks on the settings, so that `serve` and `doctor` refuse the same ones. */
import { createHandler } from '../../server/index.js';
import { checkTestContacts, defaults, importKeys } from '../../server/internals.js';
import type { ServeSettings } from './handler-settings.js';
import { assertUsableFiles } from './sqlite-files.js';
import { namingVariables, withVariableName } from './variable-names.js';

/** Runs the checks of the backend itself, and tries the SQLite files. Rejects with a `SettingsError` that names the variable. */
export async function assertAccepted({ settings, handler }: ServeSettings): Promise<void> {
  await importKeys(handler.keys).catch((error: unknown) => {
    throw withVariableName(error);
  });
  // This handler is only made for its checks: it connects to nothing before the first request.
  const made = namingVariables(() => createHandler({ ...handler, onEvent: () => undefined }));
  await made.close();
  const host = { options: handler, channels: handler.channels ?? defaults.channels };
  await checkTestContacts(handler.testContacts ?? [], host).catch((error: unknown) => {
    throw withVariableName(error);
  });
  await assertUsableFiles(settings);
}
