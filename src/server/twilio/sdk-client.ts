/** The `twilio` package over our own transport. No other file imports the package. It never retries a call. */
import type { Twilio } from 'twilio';
import { missingPackageError } from '../runtime/optional-package.js';
import { TwilioError } from './errors.js';
import { encodeForm, toTwilioError } from './responses.js';
import { TransportError, type Transport } from './transport.js';
import type { TwilioOptions } from './twilio-options.js';

/** The SDK's client and the Verify service of a purpose. Both are made once, since the SDK would make one for each call. */
interface SdkClient {
  client: Twilio;
  service: ReturnType<Twilio['verify']['v2']['services']>;
}

/** `main` sends, checks and cancels. `lookup` reads, with a shorter timeout. */
export interface SdkClients {
  main: SdkClient;
  lookup: SdkClient;
}

/** The reason if the answer is not an object in JSON. */
export const UNREADABLE = 'an answer that cannot be read';

const LOOKUP_TIMEOUT_MS = 3_000;

/** Loads the SDK and makes its clients for one Verify service. `timeout` in milliseconds. Rejects if the package is not installed. */
export async function createSdkClients(
  options: TwilioOptions,
  service: string,
  transport: Transport,
  timeout: number,
  now: () => number,
): Promise<SdkClients> {
  const twilio = await loadSdk();

  class TransportClient extends twilio.RequestClient {
    readonly #timeout: number;
    constructor(limit: number) {
      super();
      this.#timeout = limit;
    }

    override async request<T>(call: Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0]) {
      // The SDK has already parsed and normalized `uri`.
      const url = call.params === undefined ? call.uri : withQuery(call.uri, call.params);
      const basic = Buffer.from(`${call.username}:${call.password}`).toString('base64');
      const body = call.data === undefined ? undefined : encodeForm(call.data as Record<string, unknown>);
      // The spread comes last: an object that begins with a spread and then grows is slow, and undici reads each property.
      const headers = { Authorization: `Basic ${basic}`, ...(call.headers as Record<string, string>) };
      try {
        const result = await transport.send({
          method: call.method.toUpperCase(),
          url,
          headers,
          body,
          timeout: this.#timeout,
        });
        if (result.status < 200 || result.status > 299) throw toTwilioError(result, now());
        // The SDK reads properties of whatever it parsed, and would throw a TypeError as a mistake in a program does.
        if (!/^\s*\{/.test(result.body)) throw new TwilioError('indeterminate', UNREADABLE);
        return {
          statusCode: result.status,
          body: result.body as T,
          headers: {},
          toString: () => `HTTP ${result.status}`,
        };
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        throw new TwilioError(error.notSent ? 'not-sent' : 'indeterminate', error.reason);
      }
    }
  }

  const create = (limit: number): SdkClient => {
    const [user, password] = options.apiKey
      ? [options.apiKey, options.apiSecret]
      : [options.accountSid, options.authToken];
    // A region or edge from the environment would change the host name of `baseUrl`.
    const region = options.baseUrl === undefined ? {} : { region: '', edge: '' };
    const client = twilio(user, password, {
      accountSid: options.accountSid,
      httpClient: new TransportClient(limit),
      ...region,
    });
    if (options.baseUrl !== undefined) client.verify.baseUrl = client.lookups.baseUrl = options.baseUrl;
    return { client, service: client.verify.v2.services(service) };
  };
  return { main: create(timeout), lookup: create(Math.min(timeout, LOOKUP_TIMEOUT_MS)) };
}

/** Loads the SDK for the first code: it is CommonJS of 21 MB and takes 0.1 s to load. */
async function loadSdk() {
  try {
    return (await import('twilio')).default;
  } catch (failure) {
    throw missingPackageError('twilio', 'Sending codes', failure);
  }
}

function withQuery(uri: string, params: object): string {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(params)) url.searchParams.append(name, String(value));
  return url.href;
}
