/** Runs the backend's own checks on the settings, so that `serve` and `doctor` refuse the same ones. */
import { createHandler } from '../../server/index.js';
import { importKeys } from '../../server/internals.js';
import type { ServeSettings } from './handler-settings.js';
import { SettingsError } from './parse-settings.js';
import type { SettingName } from './settings-schema.js';

/** Runs the checks of the backend itself. Throws what they find as a `SettingsError` that names the variable. */
export async function assertAccepted({ handler }: ServeSettings): Promise<void> {
  try {
    await importKeys(handler.keys);
    // This handler is only made for its checks: it connects to nothing before the first request.
    await createHandler({ ...handler, onEvent: () => undefined }).close();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SettingsError(withVariableName(error.message));
  }
}

/** Replaces the option that begins the sentence with its variable. */
function withVariableName(sentence: string): string {
  if (sentence.startsWith('limits.')) return `VERIFY_LIMITS: ${sentence.slice('limits.'.length)}`;
  return sentence.replace(/^[\w.]+/, (option) => variables[option] ?? option);
}

const variables: Record<string, SettingName> = {
  'keys.secret': 'VERIFY_SECRET',
  'keys.previousSecret': 'VERIFY_PREVIOUS_SECRET',
  'keys.nextSecret': 'VERIFY_NEXT_SECRET',
  'keys.signing': 'VERIFY_SIGNING_KEY',
  'keys.previousSigning': 'VERIFY_PREVIOUS_SIGNING_KEY',
  'keys.nextSigning': 'VERIFY_NEXT_SIGNING_KEY',
  'twilio.accountSid': 'TWILIO_ACCOUNT_SID',
  'twilio.contactService': 'TWILIO_VERIFY_SERVICE_SID',
  'twilio.twoFactorService': 'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID',
  'twilio.baseUrl': 'TWILIO_BASE_URL',
  origins: 'VERIFY_ORIGINS',
  'clientAddress.proxies': 'VERIFY_PROXIES',
  bearerIdentity: 'VERIFY_BEARER_ALGORITHMS',
};
