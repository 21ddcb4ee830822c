/** Reads Twilio's settings from environment variables, and says in one sentence what is missing. It starts nothing and asks nobody. */
import type { TwilioOptions } from '../../server/index.js';

/** As `process.env`; an empty value counts as none. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is missing or contradicts another; the message is one sentence that names it and never holds its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly code = 'bad-settings';
}

/** What each name must begin with (https://www.twilio.com/docs/glossary/what-is-a-sid); the secrets have no such mark. */
const prefixes = {
  TWILIO_ACCOUNT_SID: 'AC',
  TWILIO_API_KEY: 'SK',
  TWILIO_API_SECRET: '',
  TWILIO_AUTH_TOKEN: '',
  TWILIO_VERIFY_SERVICE_SID: 'VA',
  TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: 'VA',
} as const;

/**
 * The Twilio account that the environment names, or null where it names none at all.
 * Throws {@link SettingsError} where it names half of one: a half-configured backend would fail at the first person.
 */
export function readTwilio(env: Environment): TwilioOptions | null {
  const value = (name: keyof typeof prefixes) => env[name] || undefined;
  const names = Object.keys(prefixes) as (keyof typeof prefixes)[];
  if (!names.some(value)) return null;

  // The auth token stands in for a key, but not for half of one: then somebody forgot the other half.
  const byToken = value('TWILIO_AUTH_TOKEN') && !value('TWILIO_API_KEY') && !value('TWILIO_API_SECRET');
  const secrets = byToken ? [] : (['TWILIO_API_KEY', 'TWILIO_API_SECRET'] as const);
  const missing = (['TWILIO_ACCOUNT_SID', ...secrets, 'TWILIO_VERIFY_SERVICE_SID'] as const).filter((it) => !value(it));
  if (missing.length > 0) {
    const hint = missing.includes('TWILIO_API_KEY') && !value('TWILIO_API_SECRET') ? ' (or TWILIO_AUTH_TOKEN)' : '';
    throw new SettingsError(`Twilio is only half set up: ${inWords(missing)} ${verb(missing)} missing${hint}.`);
  }
  for (const name of names) {
    if (value(name) && !value(name)?.startsWith(prefixes[name])) {
      throw new SettingsError(`${name} must begin with ${prefixes[name]}.`);
    }
  }
  const contactService = value('TWILIO_VERIFY_SERVICE_SID') ?? '';
  const twoFactorService = value('TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID');
  if (twoFactorService === contactService) {
    throw new SettingsError(
      'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID must name another service than TWILIO_VERIFY_SERVICE_SID: Twilio counts codes and tries by service and number.',
    );
  }
  return {
    accountSid: value('TWILIO_ACCOUNT_SID') ?? '',
    ...(byToken
      ? { authToken: value('TWILIO_AUTH_TOKEN') }
      : { apiKey: value('TWILIO_API_KEY'), apiSecret: value('TWILIO_API_SECRET') }),
    contactService,
    twoFactorService,
    baseUrl: env.TWILIO_BASE_URL || undefined,
  };
}

function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function verb(names: readonly string[]): string {
  return names.length < 2 ? 'is' : 'are';
}
