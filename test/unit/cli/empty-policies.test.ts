/** A variable that is there and empty comes from one that is not set. It must not become the default of a policy. */
import { describe, expect, it } from 'vitest';

import { parseSettings, SettingsError } from '../../../src/cli/settings/parse-settings.js';
import { settingsSchema } from '../../../src/cli/settings/settings-schema.js';

describe('an empty', () => {
  it.each([
    'VERIFY_ANONYMOUS',
    'VERIFY_ORIGINS',
    'VERIFY_PROXIES',
    'VERIFY_TWO_FACTOR',
    'VERIFY_TWO_FACTOR_EMAIL',
    'VERIFY_UNIQUE_CONTACTS',
    'VERIFY_COUNTRIES',
    'VERIFY_CHANNELS',
    'VERIFY_LIMITS',
  ])('%s is refused in a sentence that names it', (name) => {
    expect(() => parseSettings(settingsSchema, { [name]: '' })).toThrow(
      new SettingsError(`${name} is empty: give it a value, or leave it out to have the default.`),
    );
  });
});
