/** Builds the options for Twilio from environment variables, and says in one sentence what is missing. It connects to nothing. */
import type { TwilioOptions } from '../../server/index.js';
import { parseSettings, SettingsError, type Environment } from './parse-settings.js';
import { settingsSchema } from './settings-schema.js';

const twilioSchema = settingsSchema.pick({
  TWILIO_ACCOUNT_SID: true,
  TWILIO_API_KEY: true,
  TWILIO_API_SECRET: true,
  TWILIO_AUTH_TOKEN: true,
  TWILIO_VERIFY_SERVICE_SID: true,
  TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: true,
  TWILIO_VERIFY_LONG_CODE_SERVICE_SID: true,
  TWILIO_BASE_URL: true,
  TWILIO_ALLOW_HTTP: true,
});

/**
 * The Twilio account that the environment names, or null if it names none.
 * Throws {@link SettingsError} if the account is incomplete: such a backend would fail for its first user.
 */
export function readTwilio(env: Environment): TwilioOptions | null {
  const { TWILIO_BASE_URL: baseUrl, TWILIO_ALLOW_HTTP: allowHttp, ...account } = parseSettings(twilioSchema, env);
  if (Object.keys(account).length === 0) return null;

  const apiKey = account.TWILIO_API_KEY;
  const apiSecret = account.TWILIO_API_SECRET;
  const authToken = account.TWILIO_AUTH_TOKEN;
  const ofKey = (['TWILIO_API_KEY', 'TWILIO_API_SECRET'] as const).filter((name) => account[name] !== undefined);
  const usesToken = authToken !== undefined;
  // Whichever was used, its owner may have meant to revoke it.
  if (usesToken && ofKey.length > 0) {
    throw new SettingsError(
      `TWILIO_AUTH_TOKEN is set beside ${ofKey.join(' and ')}, and only one of them can sign in: remove TWILIO_AUTH_TOKEN, or the API key.`,
    );
  }
  const credentials = usesToken ? [] : (['TWILIO_API_KEY', 'TWILIO_API_SECRET'] as const);
  const required = ['TWILIO_ACCOUNT_SID', ...credentials, 'TWILIO_VERIFY_SERVICE_SID'] as const;
  const missing = required.filter((name) => account[name] === undefined);
  if (missing.length > 0) {
    const hint = missing.includes('TWILIO_API_KEY') && apiSecret === undefined ? ' (or TWILIO_AUTH_TOKEN)' : '';
    const names = new Intl.ListFormat('en-GB').format(missing);
    throw new SettingsError(
      `Twilio is only half set up: ${names} ${missing.length < 2 ? 'is' : 'are'} missing${hint}.`,
    );
  }
  const contactService = account.TWILIO_VERIFY_SERVICE_SID ?? '';
  const twoFactorService = account.TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID;
  if (twoFactorService === contactService) {
    throw new SettingsError(
      'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID must name another service than TWILIO_VERIFY_SERVICE_SID: Twilio counts codes and attempts by service and number.',
    );
  }
  const longCodeService = account.TWILIO_VERIFY_LONG_CODE_SERVICE_SID;
  if (longCodeService !== undefined && [contactService, twoFactorService].includes(longCodeService)) {
    throw new SettingsError(
      'TWILIO_VERIFY_LONG_CODE_SERVICE_SID must name a service of its own, whose codes have eight digits.',
    );
  }
  return {
    accountSid: account.TWILIO_ACCOUNT_SID ?? '',
    ...(usesToken ? { authToken } : { apiKey, apiSecret }),
    contactService,
    twoFactorService,
    longCodeService,
    baseUrl,
    allowHttp,
  };
}
