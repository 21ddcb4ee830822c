/** Builds the options of the handler from environment variables, for `verify-contact serve` and `doctor`. It connects to nothing. */
import {
  bearerIdentity,
  memoryAccounts,
  memoryStore,
  postgresAccounts,
  redisStore,
  sqliteAccounts,
  sqliteStore,
  type AccountStore,
  type HandlerOptions,
  type Keys,
  type Store,
} from '../../server/index.js';
import { readOperation, type Operation } from './operation-settings.js';
import { parseSettings, requireSetting, SettingsError, type Environment } from './parse-settings.js';
import { assertKnownNames } from './setting-names.js';
import { settingsSchema, type SettingName, type Settings } from './settings-schema.js';
import { readTwilio } from './twilio-settings.js';
import { namingVariables } from './variable-names.js';

/** The options of the server and of the handler, and how to operate it. */
export interface ServeSettings {
  /** As they were parsed. */
  settings: Settings;
  /** Where to listen, and how many connections to accept. */
  listen: { hostname: string; port: number; maxConnections: number };
  handler: HandlerOptions & { store: Store; accounts?: AccountStore };
  operation: Operation;
}

/** Reads and checks all settings. Throws {@link SettingsError} for the first thing that is wrong. */
export function readSettings(env: Environment): ServeSettings {
  assertKnownNames(env);
  return namingVariables(() => fromEnvironment(env));
}

function fromEnvironment(env: Environment): ServeSettings {
  const twilio = readTwilio(env);
  if (!twilio) {
    throw new SettingsError('TWILIO_ACCOUNT_SID and its companions are missing: without them no code can be sent.');
  }
  const settings = parseSettings(settingsSchema, env);
  const identify = readBearer(settings, env);
  const twoFactor = readTwoFactor(settings, identify !== undefined);
  if (env.VERIFY_STORE_TIMEOUT && settings.VERIFY_STORE.kind !== 'redis') {
    throw new SettingsError('VERIFY_STORE_TIMEOUT has no effect without Redis in VERIFY_STORE.');
  }
  return {
    settings,
    listen: {
      hostname: settings.VERIFY_HOST,
      port: settings.VERIFY_PORT,
      maxConnections: settings.VERIFY_MAX_CONNECTIONS,
    },
    handler: {
      twilio: { ...twilio, codeLength: settings.VERIFY_CODE_LENGTH },
      keys: readKeys(settings),
      audience: settings.VERIFY_AUDIENCE,
      issuer: settings.VERIFY_ISSUER,
      ...(identify ? { identify } : {}),
      anonymous: settings.VERIFY_ANONYMOUS,
      ...(settings.VERIFY_ACCOUNTS
        ? { accounts: createAccounts(settings.VERIFY_ACCOUNTS, settings.VERIFY_UNIQUE_CONTACTS) }
        : {}),
      twoFactor,
      store: createStore(settings),
      origins: settings.VERIFY_ORIGINS ?? [],
      ...(settings.VERIFY_PROXIES ? { clientAddress: { proxies: settings.VERIFY_PROXIES } } : {}),
      ...(settings.VERIFY_COUNTRIES ? { countries: settings.VERIFY_COUNTRIES } : {}),
      channels: settings.VERIFY_CHANNELS,
      // The backend checks the limits itself, since it knows what each is for.
      ...(settings.VERIFY_TEST_CONTACTS ? { testContacts: settings.VERIFY_TEST_CONTACTS } : {}),
      ...(settings.VERIFY_LIMITS ? { limits: settings.VERIFY_LIMITS } : {}),
    },
    operation: readOperation(settings),
  };
}

/** The three settings of a bearer issuer belong together. */
function readBearer(settings: Settings, env: Environment): HandlerOptions['identify'] {
  const names = ['VERIFY_BEARER_JWKS', 'VERIFY_BEARER_ISSUER', 'VERIFY_BEARER_AUDIENCE'] as const;
  if (!names.some((name) => env[name])) {
    if (settings.VERIFY_ANONYMOUS) return undefined;
    throw new SettingsError(
      'Set VERIFY_BEARER_ISSUER or VERIFY_ANONYMOUS=true: otherwise nobody may verify a contact.',
    );
  }
  const [jwks, issuer, audience] = names.map((name) => requireSetting(env, name)) as [string, string, string];
  return bearerIdentity({ issuer, audience, algorithms: settings.VERIFY_BEARER_ALGORITHMS, jwks });
}

function readTwoFactor(settings: Settings, hasUsers: boolean): HandlerOptions['twoFactor'] {
  const { VERIFY_TWO_FACTOR: required = hasUsers ? 'by-account' : 'never', VERIFY_TWO_FACTOR_EMAIL: email } = settings;
  if (required !== 'never' && !hasUsers) {
    throw new SettingsError('VERIFY_TWO_FACTOR needs VERIFY_BEARER_ISSUER: without it nobody is ever signed in.');
  }
  if (required !== 'never' && !settings.TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID) {
    throw new SettingsError(
      'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID is missing: with one service, a code phished from a sign-up page would also sign in (or set VERIFY_TWO_FACTOR=never).',
    );
  }
  if (email && required === 'never') {
    throw new SettingsError('VERIFY_TWO_FACTOR_EMAIL has no effect while VERIFY_TWO_FACTOR is never.');
  }
  if (email && !settings.VERIFY_CHANNELS.includes('email')) {
    throw new SettingsError('VERIFY_TWO_FACTOR_EMAIL needs email among VERIFY_CHANNELS.');
  }
  return { required, email };
}

/** The current keys with the previous and the next ones. Two equal neighbours are a rotation that never happened. */
function readKeys(settings: Settings): Keys {
  const { VERIFY_SECRET: secret, VERIFY_SIGNING_KEY: signing } = settings;
  const { VERIFY_PREVIOUS_SECRET: previousSecret, VERIFY_PREVIOUS_SIGNING_KEY: previousSigning } = settings;
  const { VERIFY_NEXT_SECRET: nextSecret, VERIFY_NEXT_SIGNING_KEY: nextSigning } = settings;
  const isCurrent = (key: Keys['signing'] | undefined) => key !== undefined && key.d === (signing as Keys['signing']).d;
  const equal: [SettingName, boolean][] = [
    ['VERIFY_PREVIOUS_SECRET', previousSecret === secret],
    ['VERIFY_NEXT_SECRET', nextSecret === secret],
    ['VERIFY_PREVIOUS_SIGNING_KEY', isCurrent(previousSigning)],
    ['VERIFY_NEXT_SIGNING_KEY', isCurrent(nextSigning)],
  ];
  const [name] = equal.find(([, isEqual]) => isEqual) ?? [];
  if (name) throw new SettingsError(`${name} is the same as the current one: remove it, or finish the rotation.`);
  return {
    secret,
    signing,
    ...(previousSecret && { previousSecret }),
    ...(previousSigning && { previousSigning }),
    ...(nextSecret && { nextSecret }),
    ...(nextSigning && { nextSigning }),
  };
}

/** An address, or a list of addresses for `cluster:` and several separated by commas. */
function redisAddress(setting: string): string | string[] {
  return setting.startsWith('cluster:') ? setting.slice('cluster:'.length).split(',') : setting;
}

function createStore({ VERIFY_STORE: store, VERIFY_STORE_TIMEOUT: timeout }: Settings): Store {
  switch (store.kind) {
    case 'memory':
      return memoryStore();
    case 'sqlite':
      return sqliteStore({ file: store.file });
    case 'redis':
      return redisStore({ url: redisAddress(store.url), timeout });
  }
}

function createAccounts(accounts: NonNullable<Settings['VERIFY_ACCOUNTS']>, uniqueContacts: boolean): AccountStore {
  switch (accounts.kind) {
    case 'memory':
      return memoryAccounts({ uniqueContacts });
    case 'sqlite':
      return sqliteAccounts({ file: accounts.file, uniqueContacts });
    case 'postgres':
      return postgresAccounts({ url: accounts.url, uniqueContacts });
  }
}
