/** The settings of `verify-contact serve`, read from environment variables into the options of the handler. It connects to nothing. */
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
import { readTwilio, SettingsError, type Environment } from './twilio-settings.js';
import { choice, count, demand, flag, list, readPort, settings, type Name } from './read-setting.js';
import { readOperation, type Operation } from './operation-settings.js';

/** Where to listen, what the handler is made of, and how all of it is run. */
export interface ServeSettings {
  hostname: string;
  port: number;
  handler: HandlerOptions & { store: Store; accounts?: AccountStore };
  operation: Operation;
}

/** Reads and checks everything; throws {@link SettingsError} with one sentence for the first thing that is wrong. */
export function readSettings(env: Environment): ServeSettings {
  // A misspelt name would otherwise be a safe-looking default. Kubernetes sets the excepted ones for a service called "verify".
  const unknown = Object.keys(env).find(
    (name) => /^VERIFY_(?!SERVICE_|PORT_)/.test(name) && !Object.hasOwn(settings, name),
  );
  if (unknown) throw new SettingsError(`${unknown} is not a setting: \`verify-contact help\` lists them.`);
  const text = (name: Name) => env[name] || undefined;
  const twilio = readTwilio(env);
  if (!twilio) throw new SettingsError('TWILIO_ACCOUNT_SID and its companions are missing: there is nobody to send.');
  const identify = readBearer(env);
  const anonymous = flag(env, 'VERIFY_ANONYMOUS');
  if (!identify && !anonymous) {
    throw new SettingsError(
      'Set VERIFY_BEARER_ISSUER or VERIFY_ANONYMOUS=true: as it is, nobody could verify anything.',
    );
  }
  const required = choice(
    'VERIFY_TWO_FACTOR',
    text('VERIFY_TWO_FACTOR'),
    ['always', 'by-account', 'never'],
    identify ? 'by-account' : 'never',
  );
  if (required !== 'never' && !identify) {
    throw new SettingsError('VERIFY_TWO_FACTOR needs VERIFY_BEARER_ISSUER: without it nobody is ever signed in.');
  }
  if (required !== 'never' && !twilio.twoFactorService) {
    throw new SettingsError(
      'TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID is missing: with one service a code phished from a sign-up page would open the sign-in (or set VERIFY_TWO_FACTOR=never).',
    );
  }
  const email = flag(env, 'VERIFY_TWO_FACTOR_EMAIL');
  const channels = list(env, 'VERIFY_CHANNELS')?.map((one) =>
    choice('VERIFY_CHANNELS', one, ['sms', 'email', 'call', 'whatsapp']),
  );
  if (email && required === 'never') {
    throw new SettingsError('VERIFY_TWO_FACTOR_EMAIL means nothing while VERIFY_TWO_FACTOR is never.');
  }
  if (email && channels && !channels.includes('email')) {
    throw new SettingsError('VERIFY_TWO_FACTOR_EMAIL needs email among VERIFY_CHANNELS.');
  }
  const proxies = list(env, 'VERIFY_PROXIES');
  const countries = list(env, 'VERIFY_COUNTRIES');
  if (countries?.some((country) => !/^[A-Z]{2}$/.test(country))) {
    throw new SettingsError('VERIFY_COUNTRIES must be two capital letters each, such as DE,AT,CH.');
  }
  const accounts = text('VERIFY_ACCOUNTS');
  return {
    hostname: text('VERIFY_HOST') ?? '127.0.0.1',
    port: readPort('VERIFY_PORT', text('VERIFY_PORT') ?? '8787'),
    handler: {
      twilio: { ...twilio, codeLength: count(env, 'VERIFY_CODE_LENGTH', 6, [4, 10]) },
      keys: readKeys(env),
      audience: demand(env, 'VERIFY_AUDIENCE'),
      issuer: text('VERIFY_ISSUER'),
      ...(identify ? { identify } : {}),
      anonymous,
      ...(accounts ? { accounts: readAccounts(accounts) } : {}),
      twoFactor: { required, email },
      store: readStore(env),
      origins: list(env, 'VERIFY_ORIGINS') ?? [],
      ...(proxies ? { clientAddress: { proxies } } : {}),
      countries,
      channels,
      ...readLimits(env),
    },
    operation: readOperation(env),
  };
}

function readBearer(env: Environment): HandlerOptions['identify'] {
  const given = (['VERIFY_BEARER_ISSUER', 'VERIFY_BEARER_AUDIENCE', 'VERIFY_BEARER_JWKS'] as const).filter(
    (it) => env[it],
  );
  if (given.length === 0 && env.VERIFY_BEARER_ALGORITHMS) {
    throw new SettingsError('VERIFY_BEARER_ALGORITHMS means nothing without VERIFY_BEARER_ISSUER.');
  }
  if (given.length === 0) return undefined;
  const algorithms = env.VERIFY_BEARER_ALGORITHMS || 'ES256,EdDSA,RS256';
  const jwks = demand(env, 'VERIFY_BEARER_JWKS');
  // Keys fetched in the clear can be replaced on the way; this machine itself is the exception that tests need.
  if (!URL.canParse(jwks) || !/^https:\/\/|^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(jwks)) {
    throw new SettingsError('VERIFY_BEARER_JWKS must be an https address.');
  }
  return bearerIdentity({
    issuer: demand(env, 'VERIFY_BEARER_ISSUER'),
    audience: demand(env, 'VERIFY_BEARER_AUDIENCE'),
    algorithms: algorithms.split(',').map((one) => one.trim()),
    jwks,
  });
}

/** The keys, with those before and after them. Equal neighbours are a rotation that never happened. */
function readKeys(env: Environment): Keys {
  const key = (name: Name) => (env[name] ? readKey(name, env[name]) : undefined);
  const keys = {
    secret: demand(env, 'VERIFY_SECRET'),
    signing: readKey('VERIFY_SIGNING_KEY', demand(env, 'VERIFY_SIGNING_KEY')),
    previousSecret: env.VERIFY_PREVIOUS_SECRET || undefined,
    previousSigning: key('VERIFY_PREVIOUS_SIGNING_KEY'),
    nextSecret: env.VERIFY_NEXT_SECRET || undefined,
    nextSigning: key('VERIFY_NEXT_SIGNING_KEY'),
  };
  const { secret, signing, previousSecret, previousSigning, nextSecret, nextSigning } = keys;
  const same: [Name, boolean][] = [
    ['VERIFY_PREVIOUS_SECRET', previousSecret === secret],
    ['VERIFY_NEXT_SECRET', nextSecret === secret],
    ['VERIFY_PREVIOUS_SIGNING_KEY', previousSigning?.d === signing.d],
    ['VERIFY_NEXT_SIGNING_KEY', nextSigning?.d === signing.d],
  ];
  const [name] = same.find(([, equal]) => equal) ?? [];
  if (name) throw new SettingsError(`${name} is the same as the current one: remove it, or finish the rotation.`);
  return Object.fromEntries(Object.entries(keys).filter(([, value]) => value !== undefined)) as unknown as Keys;
}

function readKey(name: Name, text: string): Keys['signing'] {
  try {
    const key: unknown = JSON.parse(text);
    if (typeof key === 'object' && key !== null) return key;
  } catch {
    // The parser's own message would quote the key.
  }
  throw new SettingsError(`${name} must be a private JWK as JSON.`);
}

/** The numbers themselves are judged by the backend, which knows what each is for. */
function readLimits(env: Environment): Pick<HandlerOptions, 'limits'> {
  if (!env.VERIFY_LIMITS) return {};
  try {
    const limits: unknown = JSON.parse(env.VERIFY_LIMITS);
    if (typeof limits === 'object' && limits !== null && !Array.isArray(limits)) return { limits };
  } catch {
    // Told below, with what is no object.
  }
  throw new SettingsError('VERIFY_LIMITS must be an object of limits as JSON.');
}

function readStore(env: Environment): Store {
  const text = env.VERIFY_STORE || 'memory';
  const isRedis = /^rediss?:\/\//.test(text);
  const timeout = count(env, 'VERIFY_STORE_TIMEOUT', 500, [10, 10_000]);
  if (env.VERIFY_STORE_TIMEOUT && !isRedis) {
    throw new SettingsError('VERIFY_STORE_TIMEOUT means nothing without Redis in VERIFY_STORE.');
  }
  if (text === 'memory') return memoryStore();
  if (text.startsWith('sqlite:')) return sqliteStore({ file: text.slice('sqlite:'.length) });
  if (isRedis) return redisStore({ url: text, timeout });
  throw new SettingsError('VERIFY_STORE must be memory, sqlite:FILE or redis://….');
}

function readAccounts(text: string): AccountStore {
  if (text === 'memory') return memoryAccounts();
  if (text.startsWith('sqlite:')) return sqliteAccounts({ file: text.slice('sqlite:'.length) });
  if (/^postgres(ql)?:\/\//.test(text)) return postgresAccounts({ url: text });
  throw new SettingsError('VERIFY_ACCOUNTS must be memory, sqlite:FILE or postgres://….');
}
