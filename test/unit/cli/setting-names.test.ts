/** Which names in the environment count as misspelt settings, and which are left to others. */
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../../../src/cli/settings/parse-settings.js';
import { assertKnownNames } from '../../../src/cli/settings/setting-names.js';
import { settingNames } from '../../../src/cli/settings/settings-schema.js';

function sentence(...names: string[]): string {
  try {
    assertKnownNames(Object.fromEntries(names.map((name) => [name, '1'])));
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return 'no complaint';
}

describe('a misspelt name', () => {
  it.each([
    ['VERIFY_ORIGIN', 'VERIFY_ORIGINS'],
    ['VERIFY_UNIQUE_ORIGINS', undefined],
    ['VERIFY_SOMETHING_ELSE', undefined],
    ['VERIFY_PORTS', 'VERIFY_PORT'],
    // Near VERIFY_HOST only in what all names have in common.
    ['VERIFY_FOO', undefined],
    ['VERIFY_PORT_2', 'VERIFY_PORT'],
    ['verify_countries', 'VERIFY_COUNTRIES'],
    ['VERFIY_COUNTRIES', 'VERIFY_COUNTRIES'],
    ['VERIFI_ORIGINS', 'VERIFY_ORIGINS'],
    // Twilio's samples call it so.
    ['VERIFY_SERVICE_SID', 'TWILIO_VERIFY_SERVICE_SID'],
    ['TWILIO_VERIFY_SERVICE', 'TWILIO_VERIFY_SERVICE_SID'],
    ['VERIFY_TWO_FACTOR_SERVICE', 'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID'],
    ['TWILIO_VERIFY_COUNTRIES', 'VERIFY_COUNTRIES'],
    ['TWILIO_BASE_URI', 'TWILIO_BASE_URL'],
    ['TWILIO_BASEURL', 'TWILIO_BASE_URL'],
    ['TWILIO_ALOW_HTTP', 'TWILIO_ALLOW_HTTP'],
    ['TWILIO_ALLOW_HTTPS', 'TWILIO_ALLOW_HTTP'],
    ['TWILIO_ACCOUNT_ID', 'TWILIO_ACCOUNT_SID'],
    ['TWILIO_AUTH_TOKENS', 'TWILIO_AUTH_TOKEN'],
    ['TWILO_API_KEY', 'TWILIO_API_KEY'],
    ['twilio_api_secret', 'TWILIO_API_SECRET'],
    ['TWILIO_TWO_FACTOR_SERVICE_SID', 'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID'],
    ['TWILIO_VERIFY_TWOFACTOR_SERVICE_SID', 'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID'],
    ['TWILIO_VERIFY_SERVICE_SSID', 'TWILIO_VERIFY_SERVICE_SID'],
    ['TWILIO_VERIFY_SOMETHING_ELSE', undefined],
  ])('%s is refused, and %s is named', (name, nearest) => {
    const hint = nearest ? `did you mean ${nearest}? ` : '';
    expect(sentence(name)).toBe(`${name} is not a setting: ${hint}\`verify-contact help\` lists all settings.`);
  });

  it('is refused beside the right one, and also if its value is empty', () => {
    expect(sentence('TWILIO_BASE_URL', 'TWILIO_BASE_URI')).toMatch(/^TWILIO_BASE_URI is not a setting/);
    expect(() => assertKnownNames({ VERIFY_ORIGIN: '' })).toThrow('did you mean VERIFY_ORIGINS?');
    expect(() => assertKnownNames({ TWILIO_ALOW_HTTP: '' })).toThrow('did you mean TWILIO_ALLOW_HTTP?');
  });

  it('is each setting with one letter left out, doubled or exchanged for its neighbour', () => {
    for (const name of settingNames) {
      const middle = Math.floor(name.length / 2);
      const [before, at, next, after] = [name.slice(0, middle), name[middle], name[middle + 1], name.slice(middle + 2)];
      for (const misspelt of [`${before}${next}${after}`, `${before}${at}${at}${next}${after}`]) {
        expect(sentence(misspelt)).toMatch(new RegExp(`^${misspelt} is not a setting: did you mean `));
      }
      const exchanged = `${before}${next}${at}${after}`;
      if (exchanged !== name) expect(sentence(exchanged)).toContain(`${exchanged} is not a setting: did you mean `);
    }
  });
});

describe('a name of others', () => {
  it.each([
    // The `twilio` package reads these four.
    'TWILIO_REGION',
    'TWILIO_EDGE',
    'TWILIO_LOG_LEVEL',
    'TWILIO_CA_BUNDLE',
    // Other products and samples of Twilio's.
    'TWILIO_PHONE_NUMBER',
    'TWILIO_MESSAGING_SERVICE_SID',
    'TWILIO_SYNC_SERVICE_SID',
    'TWILIO_SERVICE_SID',
    'TWILIO_TWIML_APP_SID',
    'TWILIO_APP_SID',
    'TWILIO_SUBACCOUNT_SID',
    'TWILIO_API_KEY_SID',
    'TWILIO_API_KEY_SECRET',
    'TWILIO_AUTH_TOKEN_2',
    'TWILIO_PROFILE',
    // Kubernetes, for a Service called "verify".
    'VERIFY_SERVICE_HOST',
    'VERIFY_SERVICE_PORT',
    'VERIFY_SERVICE_PORT_HTTP',
    'VERIFY_PORT_8787_TCP',
    'VERIFY_PORT_8787_TCP_ADDR',
    'PATH',
    'NODE_ENV',
    'NOTIFY_PORT',
  ])('%s is left alone', (name) => {
    expect(sentence(name)).toBe('no complaint');
  });
});
