/** Twilio Verify and Lookup as the six calls that we make; the only file that imports `twilio`. It decides nothing, counts nothing and never sends by itself again. */
import type { Twilio } from 'twilio';
import type { Channel, Purpose } from '../../protocol/schemas.js';
import { defaults } from '../setup/defaults.js';
import { missingPackageError, MissingPackageError } from '../runtime/optional-package.js';
import { createUndiciTransport } from './undici-transport.js';
import type { SendOptions } from './send-options.js';
import { fetchTransport, TransportError, type Transport } from './transport.js';
import { toTwilioError, encodeForm, parseVerification, type SentVerification } from './responses.js';
import { TwilioError } from './errors.js';

/** The account, its Verify services and how to reach them. */
export interface TwilioOptions extends SendOptions {
  /** AC… */
  accountSid: string;
  /** SK… with its secret, which can be revoked alone; else the auth token. */
  apiKey?: string;
  /** Shown once by Twilio, when the key is made. */
  apiSecret?: string;
  /** In place of the key: it opens the whole account. */
  authToken?: string;
  /** VA…, the Verify service for contacts. */
  contactService: string;
  /**
   * VA…, another Verify service for two-factor. Twilio's code and five tries belong to (service, number): with one service
   * a code phished on a sign-up page opens the sign-in. Left out, `contactService` serves both, and an event warns.
   */
  twoFactorService?: string;
  /** Digits in a code, as both services have it. Default 6, Twilio's. */
  codeLength?: number;
  /** Seconds that a verification lives, as both services have it. Default 600, Twilio's; NIST SP 800-63B-4 section 3.1.3.2 admits no more. */
  lifetime?: number;
  /**
   * Has Twilio Lookup tell the line type of a number before the first code goes there, remembered for a day; about 0.008 USD
   * each. Landlines are called, and the others held to `numberTypes`. Without an answer nothing is sent. Default false.
   */
  lookup?: boolean;
  /** In place of the network; of the shape of `fetch`. */
  transport?: (request: Request) => Promise<Response>;
  /** Another host for Verify and Lookup, such as an emulator's; default `https://verify.twilio.com` and `https://lookups.twilio.com`. */
  baseUrl?: string;
  /** Milliseconds for one call. Default 10,000; looking something up after a call without an answer gets 3,000 at most. */
  timeout?: number;
}

/** The calls of the backend. Each rejects with {@link TwilioError} only. */
export interface VerifyClient {
  /** Sends a code: the same one, while a verification of this destination lives. `more` goes along as the SDK names it. */
  send(purpose: Purpose, to: string, channel: Channel, locale?: string, more?: object): Promise<SentVerification>;
  /** The living verification of a destination, or null. */
  findPending(purpose: Purpose, to: string): Promise<SentVerification | null>;
  /** Ends a verification; one that is gone already is as good. */
  cancel(purpose: Purpose, sid: string): Promise<void>;
  /** Twilio's word for how the check went. Only `approved` is a success; a wrong code is `pending`. */
  check(purpose: Purpose, sid: string, to: string, code: string): Promise<string>;
  /** The line type of a number in Lookup's word; `unknown` where it has none, `invalid` for a number that does not exist. */
  lineType(to: string): Promise<string>;
  /** Whether a verification that may be gone was approved. */
  wasConverted(purpose: Purpose, sid: string): Promise<boolean>;
  /** How the Verify service for a purpose is set up, as far as the API tells. */
  settings(purpose: Purpose): Promise<ServiceSettings>;
  /** Loads the SDK now instead of with the first call. Asks nobody. */
  prepare(): Promise<void>;
  close(): Promise<void>;
}

/** What Twilio's API tells of a Verify service: neither its channels, nor its mailer, nor its geo permissions are among it. */
export interface ServiceSettings {
  friendlyName: string;
  codeLength: number;
  psd2: boolean;
  customCodes: boolean;
  /** Whether a WhatsApp sender is set. */
  whatsapp: boolean;
}

const LOOKUP_TIMEOUT = 3_000;

/** Connects to Twilio when the first call is made. Throws a `TypeError` that names what the options lack. */
export function createVerifyClient(options: TwilioOptions): VerifyClient {
  const services = parseServices(options);
  const wire = options.transport ? fetchTransport(options.transport) : createUndiciTransport();
  const timeout = options.timeout ?? defaults.timeout;
  let connecting: Promise<Clients> | undefined;
  let connected: Clients | undefined;
  const connection = async () =>
    (connected = await (connecting ??= connect(options, services, wire, timeout).catch((error: unknown) => {
      connecting = undefined;
      const absent = error instanceof MissingPackageError;
      throw new TwilioError('not-sent', absent ? error.message : 'the twilio package cannot be loaded');
    })));

  /** All failures as ours: the SDK's own hold credentials and the number, and must never reach a log. */
  async function call<T>(ask: (clients: Clients) => Promise<T>): Promise<T> {
    try {
      return await ask(connected ?? (await connection()));
    } catch (error) {
      if (error instanceof TwilioError) throw error;
      // The SDK parses successful answers itself, and throws what JSON.parse does: the call may well have succeeded.
      throw new TwilioError('indeterminate', 'an answer that cannot be read');
    }
  }

  return {
    send: (purpose, to, channel, locale, more) =>
      call(async ({ main }) => {
        const params = { ...more, to, channel, ...(locale === undefined ? {} : { locale }) };
        const answer = await main[purpose].verifications.create(params);
        if (answer.status !== 'pending') throw new TwilioError('mismatched', 'a status that no new verification has');
        return parseVerification(answer, services[purpose], to);
      }),
    async findPending(purpose, to) {
      try {
        return await call(async ({ lookup }) => {
          const answer = await lookup[purpose].verifications(encodeURIComponent(to)).fetch();
          return answer.status === 'pending' ? parseVerification(answer, services[purpose], to) : null;
        });
      } catch (error) {
        if (error instanceof TwilioError && error.status === 404) return null;
        throw error;
      }
    },
    async cancel(purpose, sid) {
      try {
        await call(({ main }) => main[purpose].verifications(sid).update({ status: 'canceled' }));
      } catch (error) {
        if (!(error instanceof TwilioError && error.status === 404)) throw error;
      }
    },
    check: (purpose, sid, to, code) =>
      call(async ({ main }) => {
        const answer = await main[purpose].verificationChecks.create({ verificationSid: sid, code });
        // The channel is not compared: Twilio names the last one, and an SMS may have become RCS.
        const ours = answer.sid === sid && answer.serviceSid === services[purpose] && answer.to === to;
        if (!ours) throw new TwilioError('mismatched', 'a check of another verification');
        // A list with the one right word in it would read as that word.
        return typeof answer.status === 'string' ? answer.status : '';
      }),
    lineType: (to) =>
      call(async ({ lookup }) => {
        const numbers = lookup.client.lookups.v2.phoneNumbers;
        const { valid, phoneNumber, lineTypeIntelligence } = await numbers(encodeURIComponent(to)).fetch({
          fields: 'line_type_intelligence',
        });
        if (phoneNumber !== to) throw new TwilioError('mismatched', 'a look-up of another number');
        if (valid === false) return 'invalid';
        const { type } = (lineTypeIntelligence ?? {}) as { type?: unknown };
        return typeof type === 'string' ? type : 'unknown';
      }),
    wasConverted: (purpose, sid) =>
      call(async ({ lookup }) => {
        const attempts = lookup.client.verify.v2.verificationAttempts;
        const list = await attempts.list({ verificationSid: sid, verifyServiceSid: services[purpose], limit: 20 });
        return list.some(
          (one) => one.verificationSid === sid && String(one.conversionStatus).toLowerCase() === 'converted',
        );
      }),
    settings: (purpose) =>
      call(async ({ lookup }) => {
        const answer = await lookup[purpose].fetch();
        if (answer.sid !== services[purpose]) throw new TwilioError('mismatched', 'another service');
        const { friendlyName, codeLength, psd2Enabled, customCodeEnabled } = answer;
        // The SDK leaves nested objects as Twilio spells them.
        const { from, msg_service_sid: sender } = (answer.whatsapp ?? {}) as Record<string, unknown>;
        const whatsapp = Boolean(from) || Boolean(sender);
        return { friendlyName, codeLength, psd2: psd2Enabled, customCodes: customCodeEnabled, whatsapp };
      }),
    prepare: async () => void (await connection()),
    close: () => wire.close(),
  };
}

/** CommonJS of 21 MB, 0.1 s: loaded when the first code is sent. */
async function load() {
  try {
    return (await import('twilio')).default;
  } catch (failure) {
    throw missingPackageError('twilio', 'Sending codes', failure);
  }
}

/** A client with the services of both purposes, which the SDK would make anew for each call. */
type Client = Record<Purpose, ReturnType<Twilio['verify']['v2']['services']>> & { client: Twilio };

/** `act` for what sends or checks; `lookUp`, with less time, for what became of it. */
interface Clients {
  main: Client;
  lookup: Client;
}

async function connect(
  options: TwilioOptions,
  services: Record<Purpose, string>,
  wire: Transport,
  timeout: number,
): Promise<Clients> {
  const twilio = await load();

  class WireClient extends twilio.RequestClient {
    readonly #timeout: number;
    constructor(limit: number) {
      super();
      this.#timeout = limit;
    }

    override async request<T>(call: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
      // The SDK has parsed and written it already.
      const url = call.params === undefined ? call.uri : withQuery(call.uri, call.params);
      const basic = Buffer.from(`${call.username}:${call.password}`).toString('base64');
      const body = call.data === undefined ? undefined : encodeForm(call.data as Record<string, unknown>);
      // What begins with a spread and grows afterwards is slow, and undici reads it property by property.
      const headers = { Authorization: `Basic ${basic}`, ...(call.headers as Record<string, string>) };
      try {
        const answer = await wire.send({
          method: call.method.toUpperCase(),
          url,
          headers,
          body,
          timeout: this.#timeout,
        });
        if (answer.status < 200 || answer.status > 299) throw toTwilioError(answer);
        return {
          statusCode: answer.status,
          body: answer.body as T,
          headers: {},
          toString: () => `HTTP ${answer.status}`,
        };
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        throw new TwilioError(error.notSent ? 'not-sent' : 'indeterminate', error.reason);
      }
    }
  }

  const make = (limit: number): Client => {
    const [user, password] = options.apiKey
      ? [options.apiKey, options.apiSecret]
      : [options.accountSid, options.authToken];
    // With another host, region and edge from the environment would rewrite its name.
    const host = options.baseUrl === undefined ? {} : { region: '', edge: '' };
    const client = twilio(user, password, {
      accountSid: options.accountSid,
      httpClient: new WireClient(limit),
      ...host,
    });
    if (options.baseUrl !== undefined) client.verify.baseUrl = client.lookups.baseUrl = options.baseUrl;
    const service = (purpose: Purpose) => client.verify.v2.services(services[purpose]);
    return { client, contact: service('contact'), 'two-factor': service('two-factor') };
  };
  return { main: make(timeout), lookup: make(Math.min(timeout, LOOKUP_TIMEOUT)) };
}

function withQuery(uri: string, params: object): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(params)) url.searchParams.append(name, String(value));
  return url.href;
}

function parseServices(options: TwilioOptions): Record<Purpose, string> {
  const { accountSid, apiKey, apiSecret, authToken, contactService, twoFactorService = contactService } = options;
  if (!/^AC[0-9a-f]{32}$/i.test(accountSid))
    throw new TypeError('twilio.accountSid must be AC and 32 hexadecimal digits.');
  if (apiKey !== undefined ? !apiSecret : !authToken)
    throw new TypeError('twilio needs apiKey with apiSecret, or authToken.');
  for (const [name, sid] of Object.entries({ contactService, twoFactorService })) {
    if (!/^VA[0-9a-f]{32}$/i.test(sid)) throw new TypeError(`twilio.${name} must be VA and 32 hexadecimal digits.`);
  }
  return { contact: contactService, 'two-factor': twoFactorService };
}
