/** Names in a sentence of the backend the variables that its options come from: who runs the command sees no options. */
import { SettingsError } from './parse-settings.js';
import type { SettingName } from './settings-schema.js';

/** The variable of each option that the command passes on. */
const variables: Record<string, SettingName> = {
  'twilio.accountSid': 'TWILIO_ACCOUNT_SID',
  'twilio.apiKey': 'TWILIO_API_KEY',
  'twilio.apiSecret': 'TWILIO_API_SECRET',
  'twilio.authToken': 'TWILIO_AUTH_TOKEN',
  'twilio.contactService': 'TWILIO_VERIFY_SERVICE_SID',
  'twilio.twoFactorService': 'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID',
  'twilio.longCodeService': 'TWILIO_VERIFY_LONG_CODE_SERVICE_SID',
  'twilio.baseUrl': 'TWILIO_BASE_URL',
  'twilio.allowHttp': 'TWILIO_ALLOW_HTTP',
  'twilio.codeLength': 'VERIFY_CODE_LENGTH',
  'keys.secret': 'VERIFY_SECRET',
  'keys.signing': 'VERIFY_SIGNING_KEY',
  'keys.previousSecret': 'VERIFY_PREVIOUS_SECRET',
  'keys.previousSigning': 'VERIFY_PREVIOUS_SIGNING_KEY',
  'keys.nextSecret': 'VERIFY_NEXT_SECRET',
  'keys.nextSigning': 'VERIFY_NEXT_SIGNING_KEY',
  audience: 'VERIFY_AUDIENCE',
  issuer: 'VERIFY_ISSUER',
  anonymous: 'VERIFY_ANONYMOUS',
  origins: 'VERIFY_ORIGINS',
  'clientAddress.proxies': 'VERIFY_PROXIES',
  'bearerIdentity.issuer': 'VERIFY_BEARER_ISSUER',
  'bearerIdentity.audience': 'VERIFY_BEARER_AUDIENCE',
  'bearerIdentity.algorithms': 'VERIFY_BEARER_ALGORITHMS',
  'bearerIdentity.jwks': 'VERIFY_BEARER_JWKS',
  'twoFactor.required': 'VERIFY_TWO_FACTOR',
  'twoFactor.email': 'VERIFY_TWO_FACTOR_EMAIL',
  'sqliteStore.file': 'VERIFY_STORE',
  'redisStore.url': 'VERIFY_STORE',
  'redisStore.timeout': 'VERIFY_STORE_TIMEOUT',
  'sqliteAccounts.file': 'VERIFY_ACCOUNTS',
  'postgresAccounts.url': 'VERIFY_ACCOUNTS',
  'memoryAccounts.uniqueContacts': 'VERIFY_UNIQUE_CONTACTS',
  'sqliteAccounts.uniqueContacts': 'VERIFY_UNIQUE_CONTACTS',
  'postgresAccounts.uniqueContacts': 'VERIFY_UNIQUE_CONTACTS',
  countries: 'VERIFY_COUNTRIES',
  channels: 'VERIFY_CHANNELS',
  limits: 'VERIFY_LIMITS',
  testContacts: 'VERIFY_TEST_CONTACTS',
};

/** A sentence of the accounts with the variable in place of their option. */
export const nameUniqueContacts = (sentence: string): string =>
  sentence.replace(/\buniqueContacts\b/, 'VERIFY_UNIQUE_CONTACTS');

/** Runs checks of the backend. Throws what they find as a {@link SettingsError} that names the variable. */
export function namingVariables<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw withVariableName(error);
  }
}

/** The error with the variable in place of the option that begins its sentence. Returns any other error as it is. */
export function withVariableName(error: unknown): unknown {
  if (!(error instanceof TypeError)) return error;
  const [option = ''] = /^[\w.]+/.exec(error.message) ?? [];
  const rest = error.message.slice(option.length).replace(/\ballowHttp\b/, 'TWILIO_ALLOW_HTTP=true');
  // What is below `limits` and `testContacts` is a part of the JSON in one variable.
  if (option.startsWith('limits.')) return new SettingsError(`VERIFY_LIMITS: ${option.slice('limits.'.length)}${rest}`);
  if (option.startsWith('testContacts.'))
    return new SettingsError(`VERIFY_TEST_CONTACTS: ${option.slice('testContacts.'.length)}${rest}`);
  return Object.hasOwn(variables, option) ? new SettingsError(`${variables[option]}${rest}`) : error;
}
