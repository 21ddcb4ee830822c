/** Every setting of `verify-contact serve`, as one schema: name, form, default and help text. It reads no environment. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { Channel } from '../../protocol/schemas.js';
import {
  countryCodes,
  countryList,
  defaultMaxConnections,
  defaults,
  listOf,
  publicKeyAlgorithms,
  twilioDefaults,
  twilioSid,
} from '../../server/internals.js';
import type { TestContact } from '../../server/index.js';

/**
 * What `help` and docs/reference/serve.md say about a setting, and the setting without which it has no effect. A registry has
 * one entry per schema object, so a schema that several settings share is cloned first.
 */
const notes = z.registry<{ help: string; needs?: string }>();

/** Blanks and quotation marks around a value come from the file or command that set it, and would be part of the value. */
const text = z.string().regex(/^(?!(["']).*\1$)(?=\S)\P{Cc}*(?<=\S)$/u, {
  error: 'must have no white space or quotation marks around it, and no control characters.',
});

/** No setting that is a list has items with blanks or semicolons in them. */
const list = z.string().transform((value, context): readonly string[] => {
  const items = value.split(',').flatMap((item) => item.trim() || []);
  const several = items.find((item) => /[\s;]/.test(item));
  if (several === undefined) return items;
  const message = `has ${JSON.stringify(several.slice(0, 80))} as one item: write commas between the items.`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

/** One of a few words. */
function choice<const T extends string>(words: readonly T[]) {
  return z.enum(words, { error: `must be one of: ${words.join(', ')}.` });
}

const flag = choice(['true', 'false'])
  .prefault('false')
  .transform((value) => value === 'true');

function wholeNumber(least: number, most: number, error = `must be a whole number from ${least} to ${most}.`) {
  return z
    .string()
    .regex(/^\d{1,5}$/, { error })
    .transform(Number)
    .pipe(z.number().min(least, { error }).max(most, { error }));
}

/** A port number; 0 takes any free port. */
export const port = wholeNumber(0, 65_535, 'must be a port number from 0 to 65535.');

/** An address to listen on, or the name of one. The port is a setting of its own. */
const host = z.string().refine((value) => isIP(value) !== 0 || /^[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(value), {
  error: 'must be an address or name to listen on, such as 0.0.0.0 or localhost, without a port.',
});

/** JSON that must be an object, or a list of objects. The parser's own message would quote the value, which may be a key or a code. */
function json<T extends object>(isRight: (parsed: object) => parsed is T, error: string) {
  return z.string().transform((value, context): T => {
    try {
      const parsed: unknown = JSON.parse(value);
      if (typeof parsed === 'object' && parsed !== null && isRight(parsed)) return parsed;
    } catch {
      // Reported below, like other JSON.
    }
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

const isList = (parsed: object): parsed is TestContact[] => Array.isArray(parsed);

const jsonObject = (error: string) => json((parsed): parsed is object => !isList(parsed), error);

const jwk = jsonObject('must be a private JWK as JSON.');

/** HMAC has one secret for signing and checking, and here the keys come from a public address. */
const hmacHint = (name: string) =>
  /^HS\d+$/i.test(name) ? 'It needs a shared secret: let the issuer sign with a private key, as for ES256.' : undefined;

/** What was probably meant by a value of no known form. It never quotes the value, which may hold a password. */
function placeHint(value: string): string | undefined {
  if (value === 'sqlite:') return 'must name a file after sqlite:, such as sqlite:/var/lib/verify-contact/verify.db.';
  if (/^\.{0,2}\/|^[\w-]+\.(db|sqlite3?)$/.test(value)) return 'is the path of a file: write sqlite: before it.';
  return /^rediss?:.*,\s*rediss?:/.test(value)
    ? 'has several addresses: write cluster: before the first one.'
    : undefined;
}

/** Where something is kept: in memory, in an SQLite file, or at an address of the given kind. */
function place<const K extends string>(kind: K, address: RegExp, error: string) {
  return text.transform(
    (value, context): { kind: 'memory' } | { kind: 'sqlite'; file: string } | { kind: K; url: string } => {
      if (value === 'memory') return { kind: 'memory' };
      const hint = placeHint(value);
      if (hint !== undefined) {
        context.addIssue({ code: 'custom', message: hint });
        return z.NEVER;
      }
      const [, file] = /^sqlite:(.+)$/.exec(value) ?? [];
      if (file !== undefined) return { kind: 'sqlite', file };
      if (address.test(value)) return { kind, url: value };
      context.addIssue({ code: 'custom', message: error });
      return z.NEVER;
    },
  );
}

/** What a code costs by `channel` and by `channel:COUNTRY`, in the owner's currency. */
const prices = list.transform((items, context) => {
  const form = new RegExp(`^((?:${Channel.options.join('|')})(?::([A-Z]{2}))?)=(\\d{1,6}(?:\\.\\d{1,6})?)$`);
  const found = new Map<string, number>();
  for (const item of items) {
    const [, key = '', country, price] = form.exec(item) ?? [];
    const isPrice = key !== '' && (country === undefined || countryCodes.includes(country));
    if (!isPrice || found.has(key)) {
      const fault = isPrice ? 'is a second price of the same.' : 'is no price such as sms=0.05 or sms:ID=0.4.';
      context.addIssue({ code: 'custom', message: `has ${JSON.stringify(item.slice(0, 80))}, which ${fault}` });
      return z.NEVER;
    }
    found.set(key, Number(price));
  }
  return found;
});

/** The settings, in the order in which `help` prints them. A default is what the variable would contain. */
export const settingsSchema = z.object({
  TWILIO_ACCOUNT_SID: twilioSid('AC').optional().register(notes, { help: 'required: your Twilio account, AC…' }),
  TWILIO_API_KEY: twilioSid('SK')
    .optional()
    .register(notes, { help: 'required without TWILIO_AUTH_TOKEN: an API key of the account, SK…' }),
  TWILIO_API_SECRET: text
    .optional()
    .register(notes, { help: 'required with TWILIO_API_KEY: the secret of that API key' }),
  TWILIO_AUTH_TOKEN: text
    .optional()
    .register(notes, { help: 'the auth token of the account, in place of an API key and its secret; not beside them' }),
  TWILIO_VERIFY_SERVICE_SID: twilioSid('VA')
    .optional()
    .register(notes, { help: 'required: the Verify service that verifies contacts, VA…' }),
  TWILIO_VERIFY_TWO_FACTOR_SERVICE_SID: twilioSid('VA')
    .optional()
    .register(notes, { help: 'required for two-factor: a second Verify service, VA…' }),
  TWILIO_VERIFY_LONG_CODE_SERVICE_SID: twilioSid('VA').optional().register(notes, {
    help: 'a third Verify service, with codes of eight digits, for contacts at which strangers enter wrong codes, VA…',
  }),
  TWILIO_BASE_URL: text
    .optional()
    .register(notes, { help: "another address than Twilio's own, such as the emulator's" }),
  TWILIO_ALLOW_HTTP: flag.clone().register(notes, {
    help: 'true: TWILIO_BASE_URL may be plain http to another host, such as an emulator in a container',
    needs: 'TWILIO_BASE_URL',
  }),
  VERIFY_AUDIENCE: text.clone().register(notes, {
    help: 'the aud of proofs: the application that accepts them, such as https://shop.example',
  }),
  VERIFY_SECRET: text
    .clone()
    .register(notes, { help: '32 random bytes in base64url; `verify-contact keys` makes them' }),
  VERIFY_SIGNING_KEY: jwk.clone().register(notes, { help: 'a private JWK; `verify-contact keys` makes it' }),
  VERIFY_NEXT_SECRET: text
    .optional()
    .register(notes, { help: 'the secret of the next rotation; `verify-contact keys --next` makes it' }),
  VERIFY_NEXT_SIGNING_KEY: jwk
    .optional()
    .register(notes, { help: 'the signing key of the next rotation; `verify-contact keys --next` makes it' }),
  VERIFY_PREVIOUS_SECRET: text.optional().register(notes, { help: 'the secret before the last rotation, for a day' }),
  VERIFY_PREVIOUS_SIGNING_KEY: jwk
    .optional()
    .register(notes, { help: 'the signing key before the last rotation, for a day' }),
  VERIFY_ISSUER: text.prefault(defaults.issuer).register(notes, { help: 'the iss of proofs' }),
  VERIFY_HOST: host.prefault('127.0.0.1').register(notes, { help: 'the address to listen on' }),
  VERIFY_PORT: port.prefault('8787').register(notes, { help: 'the port to listen on' }),
  VERIFY_MAX_CONNECTIONS: wholeNumber(1, 65_535)
    .prefault(String(defaultMaxConnections))
    .register(notes, { help: 'connections that are open at once; one more is closed at once' }),
  VERIFY_ORIGINS: list
    .optional()
    .register(notes, { help: 'origins of other sites whose pages may use this backend, separated by commas' }),
  VERIFY_PROXIES: list.optional().register(notes, {
    help: 'addresses or networks of the proxies whose X-Forwarded-For is trusted, separated by commas',
  }),
  VERIFY_ANONYMOUS: flag.clone().register(notes, { help: 'true: visitors who are not signed in may verify a contact' }),
  VERIFY_BEARER_ISSUER: text
    .optional()
    .register(notes, { help: 'the iss of the bearer JWTs that identify your users' }),
  VERIFY_BEARER_AUDIENCE: text.optional().register(notes, { help: 'the aud of these JWTs' }),
  VERIFY_BEARER_ALGORITHMS: list
    .pipe(listOf<string>(publicKeyAlgorithms, 'algorithms with a public key', hmacHint))
    .prefault('ES256,EdDSA,RS256')
    .register(notes, {
      help: 'the algorithms that may sign these JWTs, separated by commas',
      needs: 'VERIFY_BEARER_ISSUER',
    }),
  VERIFY_BEARER_JWKS: text
    .optional()
    .register(notes, { help: 'the address where their issuer publishes its keys: https, or http to this machine' }),
  VERIFY_TWO_FACTOR: choice(['always', 'by-account', 'never']).optional().register(notes, {
    help: 'always, by-account or never; default by-account with VERIFY_BEARER_ISSUER, never without it',
  }),
  VERIFY_TWO_FACTOR_EMAIL: flag.clone().register(notes, {
    help: 'true: e-mail may be the second factor; only where every user has a verified address',
  }),
  VERIFY_STORE: place(
    'redis',
    /^(cluster:)?rediss?:\/\//,
    'must be memory, sqlite:FILE, redis://… or cluster:redis://….',
  )
    .prefault('memory')
    .register(notes, {
      help: 'memory, sqlite:FILE, redis://… or, for a Redis Cluster, cluster:redis://…,redis://…; other processes do not see memory',
    }),
  VERIFY_STORE_TIMEOUT: wholeNumber(10, 10_000)
    .prefault('500')
    .register(notes, { help: 'milliseconds that Redis may take before a request is refused' }),
  VERIFY_ACCOUNTS: place('postgres', /^postgres(ql)?:\/\//, 'must be memory, sqlite:FILE or postgres://….')
    .optional()
    .register(notes, { help: 'memory, sqlite:FILE or postgres://…; default the contacts in the bearer JWT' }),
  VERIFY_UNIQUE_CONTACTS: flag.clone().register(notes, {
    help: 'true: a contact belongs to one user only; a unique index in the accounts holds it, also when this is off again',
    needs: 'VERIFY_ACCOUNTS',
  }),
  VERIFY_COUNTRIES: list
    .pipe(countryList)
    .optional()
    .register(notes, { help: 'countries whose numbers can be verified, such as DE,AT,CH; default all' }),
  VERIFY_CHANNELS: list
    .pipe(listOf(Channel.options, 'channels'))
    .prefault(defaults.channels.join())
    .register(notes, { help: `${Channel.options.join(', ')}: how codes may be sent` }),
  VERIFY_LIMITS: jsonObject('must be an object of limits as JSON.').optional().register(notes, {
    help: 'limits as JSON, such as {"sends":{"country":{"perHour":2000,"perDay":9000}}}; LimitOptions in dist/server/limits/limit-options.d.ts lists them',
  }),
  VERIFY_TEST_CONTACTS: json(isList, 'must be a list of test contacts as JSON.').optional().register(notes, {
    help: 'contacts that get no message and have a fixed code until a date, 90 days from now at most, as JSON, such as [{"contact":"+12025550123","code":"471093","until":"2027-01-31"}]',
  }),
  VERIFY_CODE_LENGTH: wholeNumber(4, 10)
    .prefault(String(twilioDefaults.codeLength))
    .register(notes, { help: 'the number of digits in a code, as your Verify services have it' }),
  VERIFY_LOG_LEVEL: choice(['debug', 'info', 'warn', 'error', 'silent'])
    .prefault('info')
    .register(notes, { help: 'debug (also logs each call to Twilio), info, warn, error or silent' }),
  VERIFY_METRICS_PORT: port
    .optional()
    .register(notes, { help: 'a second port, for /metrics, /live and /ready; default none' }),
  VERIFY_METRICS_HOST: host
    .clone()
    .prefault('127.0.0.1')
    .register(notes, { help: 'the address of that port', needs: 'VERIFY_METRICS_PORT' }),
  VERIFY_PRICES: prices.optional().register(notes, {
    help: 'what a code costs, for the metrics, by channel or channel:COUNTRY, such as sms=0.05,sms:ID=0.4; default 0.05',
    needs: 'VERIFY_METRICS_PORT',
  }),
});

/** The values of all settings. */
export type Settings = z.output<typeof settingsSchema>;

export type SettingName = keyof Settings;

export const settingNames = Object.keys(settingsSchema.shape) as SettingName[];

/** The help text of a setting, without whether it is required and its default. */
export const helpOf = (name: SettingName): string => notes.get(settingsSchema.shape[name])?.help ?? '';

/** The setting without which this one has no effect. */
export const neededBy = (name: SettingName): string | undefined => notes.get(settingsSchema.shape[name])?.needs;

/** All that `help` says about a setting. */
export function describeSetting(name: SettingName): string {
  const field = settingsSchema.shape[name];
  const fallback = field instanceof z.ZodPrefault ? `; default ${String(field.def.defaultValue)}` : '';
  return `${field.isOptional() ? '' : 'required: '}${helpOf(name)}${fallback}`;
}
