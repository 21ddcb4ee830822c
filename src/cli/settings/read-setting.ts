/** Every name that `serve` reads beside Twilio's own, and how one value is read. It knows nothing of what the values mean. */
import { SettingsError, type Environment } from './twilio-settings.js';

/** The names with the lines that `help` prints. */
export const settings = {
  VERIFY_AUDIENCE: 'required: who proofs are for, their aud, such as https://shop.example',
  VERIFY_SECRET: 'required: 32 random bytes in base64url; `verify-contact keys` makes it',
  VERIFY_SIGNING_KEY: 'required: a private JWK; `verify-contact keys` makes it',
  VERIFY_NEXT_SECRET: 'the secret of the next rotation; `verify-contact keys --next` makes it',
  VERIFY_NEXT_SIGNING_KEY: 'the signing key of the next rotation; `verify-contact keys --next` makes it',
  VERIFY_PREVIOUS_SECRET: 'the secret before the last rotation, for a day',
  VERIFY_PREVIOUS_SIGNING_KEY: 'the signing key before the last rotation, for a day',
  VERIFY_ISSUER: 'the iss of proofs; default verify-contact',
  VERIFY_HOST: 'the address to listen on; default 127.0.0.1',
  VERIFY_PORT: 'the port to listen on; default 8787',
  VERIFY_PROCESSES: 'processes that share the port; default 1; more need a store that they share',
  VERIFY_ORIGINS: 'origins of pages elsewhere that may use this backend, separated by commas',
  VERIFY_PROXIES: 'addresses or networks of proxies whose X-Forwarded-For counts, separated by commas',
  VERIFY_ANONYMOUS: 'true: people who are not signed in may verify a contact',
  VERIFY_BEARER_ISSUER: 'who issues the bearer JWTs that tell who is asking',
  VERIFY_BEARER_AUDIENCE: 'their aud',
  VERIFY_BEARER_ALGORITHMS: 'their algorithms, separated by commas; default ES256,EdDSA,RS256',
  VERIFY_BEARER_JWKS: 'where their issuer publishes its keys, an https address',
  VERIFY_TWO_FACTOR: 'always, by-account or never; default never without, by-account with a bearer issuer',
  VERIFY_TWO_FACTOR_EMAIL: 'true: e-mail may be the second factor, where everybody has a verified address',
  VERIFY_STORE: 'memory, sqlite:FILE or redis://…; default memory, which a second instance does not see',
  VERIFY_STORE_TIMEOUT: 'milliseconds that Redis may take before requests are refused; default 500',
  VERIFY_ACCOUNTS: 'memory, sqlite:FILE or postgres://…; default what the bearer JWT says',
  VERIFY_COUNTRIES: 'countries whose numbers can be verified, such as DE,AT,CH; default all',
  VERIFY_CHANNELS: 'sms, email, call, whatsapp; default sms,email',
  VERIFY_LIMITS:
    'limits as JSON, such as {"sends":{"country":{"perHour":2000,"perDay":9000}}}; docs/reference/server.md',
  VERIFY_CODE_LENGTH: 'digits of a code, as the Verify services have it; default 6',
  VERIFY_LOG_LEVEL: 'debug (each call to Twilio, too), info, warn, error or silent; default info',
  VERIFY_METRICS_PORT: 'a port of its own for /metrics, /live and /ready; default none',
  VERIFY_METRICS_HOST: 'the address of that port; default 127.0.0.1',
  VERIFY_PRICES: 'what a code costs, for the metrics: by channel, or channel:COUNTRY, such as sms=0.05,sms:ID=0.4',
} as const;

/** One of them. */
export type Name = keyof typeof settings;

/** The value of a name that must be there. */
export function demand(env: Environment, name: Name): string {
  const value = env[name];
  if (!value) throw new SettingsError(`${name} is missing: ${settings[name].replace(/^required: /, '')}.`);
  return value;
}

/** One of a few words. */
export function choice<const T extends string>(
  name: Name,
  text: string | undefined,
  choices: readonly T[],
  fallback?: T,
): T {
  const found = choices.find((one) => one === (text ?? fallback));
  if (found === undefined) throw new SettingsError(`${name} must be one of: ${choices.join(', ')}.`);
  return found;
}

/** `true` or `false`; false where nothing is said. */
export function flag(env: Environment, name: Name): boolean {
  return choice(name, env[name] || undefined, ['true', 'false'], 'false') === 'true';
}

/** What stands between commas, or undefined where nothing is said. */
export function list(env: Environment, name: Name): string[] | undefined {
  return env[name] ? env[name].split(',').flatMap((item) => item.trim() || []) : undefined;
}

/** A whole number from `least` to `most`. */
export function count(
  env: Environment,
  name: Name,
  fallback: number,
  [least, most]: readonly [number, number],
): number {
  const text = env[name] || String(fallback);
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= least && number <= most) return number;
  throw new SettingsError(`${name} must be a whole number from ${least} to ${most}.`);
}

/** A port number, 0 for any free one. */
export function readPort(name: string, text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65536) return port;
  throw new SettingsError(`${name} must be a port number.`);
}
